import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { alarm } from './alarm.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const inDays = (days: number) => new Date(Date.now() + days * 86_400_000)

it('an alarm rings at its moment, also when that is further away than a timer reaches', async () => {
  const ring = vi.fn()
  alarm(inDays(60), ring)
  await vi.advanceTimersByTimeAsync(59 * 86_400_000)
  expect(ring).not.toHaveBeenCalled()
  await vi.advanceTimersByTimeAsync(86_400_000)
  expect(ring).toHaveBeenCalledOnce()
})

it('a moment that is over rings at once, and a cancelled alarm never', async () => {
  const [ring, silent] = [vi.fn(), vi.fn()]
  alarm(inDays(-1), ring)
  alarm(inDays(30), silent).cancel()
  await vi.advanceTimersByTimeAsync(40 * 86_400_000)
  expect(ring).toHaveBeenCalledOnce()
  expect(silent).not.toHaveBeenCalled()
})
