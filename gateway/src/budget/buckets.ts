/**
 * Counts points per key: in this process, or in Redis, where all gateways share one count. Redis that is away or slow
 * costs nobody an answer: each gateway then counts by itself, against the same numbers, until it is back.
 */
import type { Logger } from '@fundmesh/platform/telemetry/log'
import { Redis } from 'ioredis'
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible'
import type { Rate } from './budgets-file.ts'

/** How a bucket stands. */
interface Level {
  readonly remaining: number
  /** When it is full again, in milliseconds since 1970. */
  readonly fullAt: number
}

/** How a bucket stands after it was asked. */
export interface Taken extends Level {
  readonly granted: boolean
}

export interface Buckets {
  /** Takes points from the bucket of a key, or none where it has too few. */
  take(key: string, rate: Rate, points: number): Promise<Taken>
  /** Puts points back that were taken, or takes more than there are where they are negative. Points of a time that is over are gone. */
  giveBack(key: string, rate: Rate, points: number, taken: Level): Promise<void>
  close(): void
}

/** Milliseconds after which Redis is no longer waited for. */
const answerMs = 200
const connectMs = 2_000
const longestRetryMs = 2_000

export function openBuckets(options: {
  /** Where Redis is; without it the count is in this process. */
  readonly redisUrl?: string | undefined
  /** Put before every key: a namespace in a shared Redis. */
  readonly prefix: string
  readonly log: Logger
}): Buckets {
  const { prefix, log } = options
  const redis = options.redisUrl === undefined ? undefined : connect(options.redisUrl, log)
  const limiters = new Map<string, RateLimiterMemory | RateLimiterRedis>()

  /** The library has a limiter for each size of bucket; the keys say whose bucket it is. */
  const limiterOf = ({ points, seconds }: Rate) => {
    const size = `${points}/${seconds}`
    const known = limiters.get(size)
    if (known) return known
    const each = { points, duration: seconds, keyPrefix: `${prefix}budget` }
    const local = new RateLimiterMemory(each)
    const limiter = redis ? new RateLimiterRedis({ ...each, storeClient: redis, insuranceLimiter: local }) : local
    limiters.set(size, limiter)
    return limiter
  }

  return {
    async take(key, rate, points) {
      const limiter = limiterOf(rate)
      try {
        return { granted: true, ...levelOf(await limiter.consume(key, points)) }
      } catch (refused) {
        if (!(refused instanceof RateLimiterRes)) throw refused
        // The library counts what it refuses: a large operation would use up what a small one may still have.
        return { granted: false, ...levelOf(await limiter.reward(key, points)) }
      }
    },
    async giveBack(key, rate, points, { fullAt }) {
      if (points === 0 || Date.now() >= fullAt) return
      const limiter = limiterOf(rate)
      if (points < 0) {
        await limiter.penalty(key, -points)
        return
      }
      // Taken from Redis and given to this process, or the other way round: nobody may have more than a full bucket.
      const { consumedPoints } = await limiter.reward(key, points)
      if (consumedPoints < 0) await limiter.penalty(key, -consumedPoints)
    },
    close: () => redis?.disconnect(),
  }
}

const levelOf = ({ remainingPoints, msBeforeNext }: RateLimiterRes): Level => ({
  remaining: remainingPoints,
  fullAt: Date.now() + Math.max(0, msBeforeNext),
})

function connect(url: string, log: Logger): Redis {
  const redis = new Redis(url, {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 1,
    connectTimeout: connectMs,
    commandTimeout: answerMs,
    retryStrategy: (attempt) => Math.min(50 * 2 ** attempt, longestRetryMs),
  })
  let away = false
  redis.on('error', (error) => {
    if (!away) log.warn({ err: error }, 'Redis is away: each gateway counts budgets by itself until it is back')
    away = true
  })
  redis.on('ready', () => {
    if (away) log.info('Redis is back: the gateways count budgets together')
    away = false
  })
  return redis
}
