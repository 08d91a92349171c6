import { LRUCache } from 'lru-cache'
import { type Cache, lifetimeMilliseconds } from './cache.ts'

/** Bytes that a cache in this process may take, unless told otherwise. */
const DEFAULT_BYTES = 32 * 1024 * 1024

/** A cache in this process. What was used longest ago makes room; a value that is larger than the whole is not kept. */
export function memoryCache({ maxBytes = DEFAULT_BYTES }: { maxBytes?: number } = {}): Cache {
  const entries = new LRUCache<string, string>({
    maxSize: maxBytes,
    // V8 keeps a text in one or two bytes a character; the larger is the safe bound.
    sizeCalculation: (value, key) => 2 * (value.length + key.length) + 1,
  })
  let closed = false
  return {
    async get(key) {
      return entries.get(key)
    },
    async set(key, value, ttlSeconds) {
      const ttl = lifetimeMilliseconds(ttlSeconds)
      if (!closed) entries.set(key, value, { ttl })
    },
    async close() {
      closed = true
      entries.clear()
    },
  }
}
