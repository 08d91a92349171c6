/**
 * Token buckets, one for each key: it holds `points` at the most, and what was taken drips back at `points` in `seconds`.
 * So nobody takes more than a full bucket and what dripped in meanwhile, in however short a time. They are in this process,
 * or in Redis, where all gateways share them. Redis that is away or slow costs nobody an answer: each gateway then counts
 * by itself, against the same numbers, until it is back.
 */
import type { Logger } from '@fundmesh/platform/telemetry/log'
import type { Rate } from './budgets-file.ts'
import { localBuckets } from './local-buckets.ts'
import { redisBuckets } from './redis-buckets.ts'

/** How a bucket stands after it was asked. */
export interface Taken {
  readonly granted: boolean
  /** Points in the bucket; below nothing where more was used than had been taken. */
  readonly left: number
  /** When it is full again if nobody takes more, in milliseconds since 1970. */
  readonly fullAt: number
}

export interface Buckets {
  /** Takes points from the bucket of a key, or none where it has too few. */
  take(key: string, rate: Rate, points: number): Promise<Taken>
  /**
   * Puts points back that were taken; by `fullAt` they would have dripped in anyhow, and are not given twice. Takes more
   * where they are negative, even more than there are.
   */
  giveBack(key: string, rate: Rate, points: number, taken: Pick<Taken, 'fullAt'>): Promise<void>
  close(): void
}

export function openBuckets(options: {
  /** Where Redis is; without it the count is in this process. */
  readonly redisUrl?: string | undefined
  /** Put before every key: a namespace in a shared Redis. */
  readonly prefix: string
  readonly log: Logger
  /** Of the buckets in this process; those in Redis go by its clock. Default: the system's. */
  readonly now?: () => number
}): Buckets {
  const { redisUrl, prefix, log, now = Date.now } = options
  const local = localBuckets(now)
  const shared = redisUrl === undefined ? undefined : redisBuckets(redisUrl, `${prefix}bucket:`, log)
  const change = async (key: string, rate: Rate, points: number, force: boolean): Promise<Taken> => {
    const { granted, left } = (await shared?.change(key, rate, points, force)) ?? local(key, rate, points, force)
    return { granted, left, fullAt: now() + ((rate.points - left) * rate.seconds * 1_000) / rate.points }
  }
  return {
    take: (key, rate, points) => change(key, rate, points, false),
    async giveBack(key, rate, points, { fullAt }) {
      if (points < 0 || (points > 0 && now() < fullAt)) await change(key, rate, -points, true)
    },
    close: () => shared?.close(),
  }
}
