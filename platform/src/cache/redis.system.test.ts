import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { createLogger } from '../telemetry/log.ts'
import { freePort } from '../testing/port.ts'
import { requiredService } from '../testing/required.ts'
import { cacheConformance } from './cache.conformance.ts'
import { openCache } from './open.ts'
import { redisCache } from './redis.ts'

const redisUrl = requiredService('REDIS_URL')
const silent = createLogger('cache', 'silent')

describe.skipIf(!redisUrl)('with a real Redis (REDIS_URL)', () => {
  cacheConformance('redis', () => openCache({ redisUrl, namespace: `test-${randomUUID()}`, log: silent }))

  it('two processes of one name share what one of them has set', async () => {
    const namespace = `test-${randomUUID()}`
    const [one, other] = [0, 1].map(() => openCache({ redisUrl, namespace, log: silent }))
    await one!.set('key', 'x', 60)
    expect(await other!.get('key')).toBe('x')
    await one!.close()
    await other!.close()
  })

  it('an outage is a miss, never an error; it is logged once, and the cache comes back by itself', async () => {
    const records: { level: string; msg: string; missed?: number }[] = []
    const log = createLogger('cache', 'info', { write: (line) => void records.push(JSON.parse(line)) })
    const road = await roadTo(new URL(redisUrl!))
    const cache = redisCache({ url: road.url, namespace: `test-${randomUUID()}`, log })
    await cache.set('key', 'x', 60)
    expect(await cache.get('key')).toBe('x')

    await road.cut()
    for (let i = 0; i < 3; i++) expect(await cache.get('key')).toBeUndefined()
    await cache.set('key', 'y', 60)
    await road.mend()
    await expect.poll(() => cache.get('key')).toBe('x')

    expect(records.map(({ level, msg }) => `${level}: ${msg}`)).toEqual([
      'warn: Redis is away: nothing is cached until it is back',
      'info: Redis is back',
    ])
    expect(records[1]!.missed).toBeGreaterThanOrEqual(4)
    await cache.close()
    await road.cut()
  })
})

describe('without a Redis', () => {
  let server: Server | undefined
  afterEach(() => server?.close())

  it('a cache that never reaches one misses everything, and still ends', async () => {
    const cache = redisCache({ url: `redis://127.0.0.1:${await freePort()}`, namespace: 'test', log: silent })
    await cache.set('key', 'x', 60)
    expect(await cache.get('key')).toBeUndefined()
    await cache.close()
  })

  it('one that takes the call and never answers costs a miss, not a wait without end', async () => {
    const port = await freePort()
    server = createServer(() => {}).listen(port, '127.0.0.1')
    await once(server, 'listening')
    const cache = redisCache({ url: `redis://127.0.0.1:${port}`, namespace: 'test', log: silent })
    const answer = await Promise.race([cache.get('key'), delay(60_000, 'still waiting')])
    expect(answer).toBeUndefined()
    await cache.close()
  })

  it('a cache that is closed before it has reached one does not keep its askers waiting', async () => {
    const port = await freePort()
    server = createServer(() => {}).listen(port, '127.0.0.1')
    await once(server, 'listening')
    const cache = redisCache({ url: `redis://127.0.0.1:${port}`, namespace: 'test', log: silent })
    const asked = cache.get('key')
    await cache.close()
    expect(await Promise.race([asked, delay(60_000, 'still waiting')])).toBeUndefined()
  })
})

/** A way to Redis that can be cut and mended, since the tests may not stop the Redis of others. */
async function roadTo(redis: URL) {
  const port = await freePort()
  const sockets = new Set<Socket>()
  const server = createServer((near) => {
    const far = connect(Number(redis.port || 6379), redis.hostname)
    near.pipe(far).pipe(near)
    for (const socket of [near, far]) {
      sockets.add(socket)
      socket.on('error', () => {})
    }
  })
  const mend = async () => {
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
  }
  await mend()
  const url = new URL(redis)
  url.hostname = '127.0.0.1'
  url.port = String(port)
  return {
    url: url.href,
    mend,
    async cut() {
      const closed = once(server, 'close')
      server.close()
      for (const socket of sockets) socket.destroy()
      sockets.clear()
      await closed
    },
  }
}
