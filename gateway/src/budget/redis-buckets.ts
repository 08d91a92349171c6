import type { Logger } from '@fundmesh/platform/telemetry/log'
import { Redis } from 'ioredis'
import type { Rate } from './budgets-file.ts'
import type { Level } from './local-buckets.ts'

/** Milliseconds after which Redis is no longer waited for. */
const answerMs = 200
const connectMs = 2_000
const longestRetryMs = 2_000

/**
 * One change of one bucket, as local-buckets.ts does it. By Redis' own clock: those of the gateways may differ. Numbers go
 * as text, since Redis would cut off their fractions, and with all their digits: one point of a large bucket drips in
 * less than a microsecond. The key ends when the bucket is full.
 */
const script = `
local capacity, perMs, points, force = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), ARGV[4] == '1'
local time = redis.call('TIME')
local now = time[1] * 1000 + time[2] / 1000
local bucket = redis.call('HMGET', KEYS[1], 'left', 'at')
local left, at = tonumber(bucket[1] or capacity), tonumber(bucket[2] or now)
left = math.min(capacity, left + math.max(0, now - at) * perMs)
local granted = force or points <= left
if granted then left = math.min(capacity, left - points) end
if left >= capacity then
  redis.call('DEL', KEYS[1])
else
  redis.call('HSET', KEYS[1], 'left', string.format('%.17g', left), 'at', string.format('%.17g', math.max(now, at)))
  redis.call('PEXPIRE', KEYS[1], math.ceil((capacity - left) / perMs))
end
return { granted and 1 or 0, string.format('%.17g', left) }`

interface Scripted extends Redis {
  changeBucket(key: string, capacity: number, perMs: number, points: number, force: 0 | 1): Promise<[0 | 1, string]>
}

export interface RedisBuckets {
  /** Resolves with undefined while Redis does not answer. */
  change(key: string, rate: Rate, points: number, force: boolean): Promise<Level | undefined>
  close(): void
}

export function redisBuckets(url: string, prefix: string, log: Logger): RedisBuckets {
  const redis = connect(url, log)
  redis.defineCommand('changeBucket', { numberOfKeys: 1, lua: script })
  return {
    async change(key, { points: capacity, seconds }, points, force) {
      // Without waiting: a command that is sent while Redis is away would be tried for as long as one takes.
      if (redis.status !== 'ready') return undefined
      try {
        const perMs = capacity / (seconds * 1_000)
        const [granted, left] = await (redis as Scripted).changeBucket(
          prefix + key,
          capacity,
          perMs,
          points,
          force ? 1 : 0,
        )
        return { granted: granted === 1, left: Number(left) }
      } catch {
        return undefined
      }
    },
    close: () => redis.disconnect(),
  }
}

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
