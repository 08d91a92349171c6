import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { decidable, REACH_MS } from './decidable.ts'

/** A replica of which a test says what it knows. */
function replica() {
  const waiting: (() => void)[] = []
  const state = { ready: true, epoch: 0 }
  return {
    state,
    learn(epoch: number) {
      state.epoch = epoch
      for (const look of waiting) look()
    },
    ready: () => state.ready,
    whenAtLeast: (_tenant: string, epoch: number, signal: AbortSignal) =>
      new Promise<void>((resolve, reject) => {
        const look = () => state.epoch >= epoch && resolve()
        waiting.push(look)
        signal.addEventListener('abort', () => reject(signal.reason))
        look()
      }),
  }
}

describe('a question about rights', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  it('is decided at once where it names no change', async () => {
    await expect(decidable(replica(), { tenant: 'alder', epoch: 0 })).resolves.toBeUndefined()
  })

  it('waits for the change that it names', async () => {
    const grants = replica()
    const settled = vi.fn()
    const waiting = decidable(grants, { tenant: 'alder', epoch: 3 }).then(settled)
    grants.learn(2)
    await vi.advanceTimersByTimeAsync(REACH_MS - 1)
    expect(settled).not.toHaveBeenCalled()
    grants.learn(3)
    await waiting
  })

  it('is refused when the change does not come within the bound', async () => {
    const waiting = expect(decidable(replica(), { tenant: 'alder', epoch: 3 })).rejects.toMatchObject({
      code: 'CONSISTENCY_TIMEOUT',
    })
    await vi.advanceTimersByTimeAsync(REACH_MS)
    await waiting
  })

  it('is refused at once while the grants are not known', async () => {
    const grants = replica()
    grants.state.ready = false
    await expect(decidable(grants, { tenant: 'alder', epoch: 0 })).rejects.toMatchObject({
      code: 'SERVICE_UNAVAILABLE',
    })
  })

  it('ends with whoever asked', async () => {
    const asker = new AbortController()
    const waiting = expect(decidable(replica(), { tenant: 'alder', epoch: 3 }, asker.signal)).rejects.toThrow('gone')
    asker.abort(new Error('gone'))
    await waiting
    await expect(decidable(replica(), { tenant: 'alder', epoch: 3 }, asker.signal)).rejects.toThrow('gone')
  })
})
