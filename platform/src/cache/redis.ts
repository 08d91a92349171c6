import { once } from 'node:events'
import { Redis } from 'ioredis'
import type { Logger } from '../telemetry/log.ts'
import { type Cache, lifetimeMilliseconds } from './cache.ts'

/** Milliseconds after which an answer is no longer waited for: asking the source would be quicker. */
const ANSWER_MS = 500
const CONNECT_MS = 2_000
const LONGEST_RETRY_MS = 2_000

export interface RedisCacheOptions {
  /** `redis://` or `rediss://`, with the password in it. */
  readonly url: string
  /** Goes before every key, so that several uses share one Redis. */
  readonly namespace: string
  readonly log: Logger
}

/**
 * A cache in Redis, shared by processes. Where Redis is away a look-up is a miss and a value is not kept; that is
 * logged once an outage, with the count of what was missed at its end. It connects again by itself.
 */
export function redisCache({ url, namespace, log }: RedisCacheOptions): Cache {
  const redis = new Redis(url, {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 1,
    connectTimeout: CONNECT_MS,
    commandTimeout: ANSWER_MS,
    keyPrefix: `${namespace}:`,
    retryStrategy: (attempt) => Math.min(50 * 2 ** attempt, LONGEST_RETRY_MS),
  })
  let closed = false
  let outage: { missed: number } | undefined
  const away = (error: unknown) => {
    if (closed) return
    if (!outage) log.warn({ err: error, namespace }, 'Redis is away: nothing is cached until it is back')
    outage ??= { missed: 0 }
  }
  const back = () => {
    if (outage) log.info({ namespace, missed: outage.missed }, 'Redis is back')
    outage = undefined
  }
  redis.on('error', away)
  redis.on('ready', back)
  // The first questions wait for the first connection, made or failed, rather than all be misses.
  const firstTry = Promise.race(['ready', 'close', 'end'].map((event) => once(redis, event))).catch(() => {})

  async function ask<Answer>(question: () => Promise<Answer>): Promise<Answer | undefined> {
    await firstTry
    if (closed) return undefined
    try {
      const answer = await question()
      back()
      return answer
    } catch (error) {
      away(error)
      if (outage) outage.missed++
      return undefined
    }
  }

  return {
    get: async (key) => (await ask(() => redis.get(key))) ?? undefined,
    async set(key, value, ttlSeconds) {
      const milliseconds = lifetimeMilliseconds(ttlSeconds)
      await ask(() => redis.set(key, value, 'PX', milliseconds))
    },
    async close() {
      closed = true
      redis.disconnect()
    },
  }
}
