import type { Rate } from './budgets-file.ts'

/** How a bucket stands after a change. */
export interface Level {
  readonly granted: boolean
  readonly left: number
}

/** Takes points, or gives them where they are negative; `force` also where there are too few. */
export type ChangeBucket = (key: string, rate: Rate, points: number, force: boolean) => Level

/** Buckets beyond which those that are full again are looked for. */
const leastSwept = 1_000

/** Buckets in this process. One that is full is as good as none, and is not kept. */
export function localBuckets(now: () => number): ChangeBucket {
  const buckets = new Map<string, { left: number; at: number; rate: Rate }>()
  let sweepAt = leastSwept

  const leftOf = ({ left, at }: { left: number; at: number }, { points, seconds }: Rate) =>
    Math.min(points, left + (Math.max(0, now() - at) * points) / (seconds * 1_000))

  const sweep = () => {
    for (const [key, bucket] of buckets) if (leftOf(bucket, bucket.rate) >= bucket.rate.points) buckets.delete(key)
    sweepAt = Math.max(leastSwept, 2 * buckets.size)
  }

  return (key, rate, points, force) => {
    const bucket = buckets.get(key)
    const before = bucket ? leftOf(bucket, rate) : rate.points
    const granted = force || points <= before
    const left = granted ? Math.min(rate.points, before - points) : before
    // A clock that was put back has nothing drip in until it is where it was.
    buckets.set(key, { left, at: Math.max(now(), bucket?.at ?? 0), rate })
    if (buckets.size >= sweepAt) sweep()
    return { granted, left }
  }
}
