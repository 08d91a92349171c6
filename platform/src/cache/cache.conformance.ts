import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import type { Cache } from './cache.ts'

/** What every Cache does. `open` makes an empty one. */
export function cacheConformance(name: string, open: () => Cache): void {
  describe(`${name} is a cache that`, () => {
    const opened: Cache[] = []
    const fresh = () => {
      const cache = open()
      opened.push(cache)
      return cache
    }

    afterEach(async () => {
      for (const cache of opened.splice(0)) await cache.close()
    })

    it('knows nothing of a key that was never set', async () => {
      expect(await fresh().get('EUR/USD')).toBeUndefined()
    })

    it.each(['1.0956', '', '{"€": "✓ 𝄞"}', 'x'.repeat(1_000_000)])(
      'gives back the text that was set (%#)',
      async (text) => {
        const cache = fresh()
        await cache.set('key', text, 60)
        expect(await cache.get('key')).toBe(text)
      },
    )

    it('gives the newest value of a key, each key its own', async () => {
      const cache = fresh()
      await cache.set('a', '1', 60)
      await cache.set('a', '2', 60)
      await cache.set('b', '3', 60)
      expect([await cache.get('a'), await cache.get('b')]).toEqual(['2', '3'])
    })

    it('forgets a value when its time is over', async () => {
      const cache = fresh()
      await cache.set('short', 'x', 0.05)
      await cache.set('long', 'y', 60)
      expect(await cache.get('short')).toBe('x')
      await delay(120)
      expect([await cache.get('short'), await cache.get('long')]).toEqual([undefined, 'y'])
    })

    it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])(
      'refuses to keep a value for %d seconds',
      async (seconds) => {
        const cache = fresh()
        await expect(cache.set('key', 'x', seconds)).rejects.toThrow(
          `A cached value lives for a number of seconds above 0, not ${seconds}.`,
        )
      },
    )

    it('shares nothing with another of another name', async () => {
      const [one, other] = [fresh(), fresh()]
      await one.set('key', 'x', 60)
      expect(await other.get('key')).toBeUndefined()
    })

    it('misses everything after its end, which may come twice', async () => {
      const cache = fresh()
      await cache.set('key', 'x', 60)
      await cache.close()
      await cache.close()
      await cache.set('key', 'y', 60)
      expect(await cache.get('key')).toBeUndefined()
    })
  })
}
