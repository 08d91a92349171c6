import { expect, it } from 'vitest'
import { cacheConformance } from './cache.conformance.ts'
import { memoryCache } from './memory.ts'

cacheConformance('memory', () => memoryCache())

it('the memory cache stays within its bytes, and lets go first of what was used longest ago', async () => {
  const cache = memoryCache({ maxBytes: 1_000 })
  const text = 'x'.repeat(200)
  await cache.set('a', text, 60)
  await cache.set('b', text, 60)
  await cache.get('a')
  await cache.set('c', text, 60)
  expect([await cache.get('a'), await cache.get('b'), await cache.get('c')]).toEqual([text, undefined, text])
})

it('the memory cache does not keep a value that is larger than the whole of it', async () => {
  const cache = memoryCache({ maxBytes: 1_000 })
  await cache.set('kept', 'x', 60)
  await cache.set('huge', 'x'.repeat(1_000), 60)
  expect([await cache.get('kept'), await cache.get('huge')]).toEqual(['x', undefined])
})
