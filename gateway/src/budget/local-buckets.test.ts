import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { localBuckets } from './local-buckets.ts'

describe('token buckets', () => {
  it('never let out more than a full one and what drips in, in any stretch of time', () => {
    const step = fc.record({
      waitMs: fc.integer({ min: 0, max: 3_000 }),
      points: fc.integer({ min: -20, max: 60 }),
      key: fc.constantFrom('a', 'b'),
    })
    const rates = fc.record({ points: fc.integer({ min: 1, max: 50 }), seconds: fc.integer({ min: 1, max: 20 }) })
    fc.assert(
      fc.property(rates, fc.array(step, { maxLength: 60 }), (rate, steps) => {
        let now = 0
        const change = localBuckets(() => now)
        const out: Record<string, { at: number; points: number }[]> = { a: [], b: [] }
        for (const { waitMs, points, key } of steps) {
          now += waitMs
          const { granted, left } = change(key, rate, points, points < 0)
          expect(left).toBeLessThanOrEqual(rate.points)
          expect(left).toBeGreaterThanOrEqual(0)
          if (granted) out[key]!.push({ at: now, points })
          else expect(left).toBeLessThan(points)
        }
        for (const changes of Object.values(out))
          for (const [from, { at: began }] of changes.entries()) {
            let sum = 0
            for (const { at, points } of changes.slice(from)) {
              sum += points
              const drip = ((at - began) * rate.points) / (rate.seconds * 1_000)
              expect(sum).toBeLessThanOrEqual(rate.points + drip + 1e-6)
            }
          }
      }),
      { numRuns: 500 },
    )
  })

  it('are full again after their seconds, and gone then', () => {
    let now = 0
    const change = localBuckets(() => now)
    const rate = { points: 10, seconds: 5 }
    expect(change('a', rate, 10, false)).toEqual({ granted: true, left: 0 })
    now = 2_500
    expect(change('a', rate, 6, false)).toEqual({ granted: false, left: 5 })
    // More was used than had been taken.
    expect(change('a', rate, 7, true)).toEqual({ granted: true, left: -2 })
    now = 8_500
    expect(change('a', rate, 10, false)).toEqual({ granted: true, left: 0 })
  })

  it('let nothing drip in twice where the clock is put back', () => {
    let now = 10_000
    const change = localBuckets(() => now)
    const rate = { points: 10, seconds: 10 }
    change('a', rate, 10, false)
    now = 0
    expect(change('a', rate, 1, false).granted).toBe(false)
    now = 10_000
    expect(change('a', rate, 1, false).granted).toBe(false)
  })
})
