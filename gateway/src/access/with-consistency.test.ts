import { consistencyToken } from '@fundmesh/platform/grants/consistency-token'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Answer } from '../http/http.ts'
import type { Asking, GraphQLRequest } from '../operation/request.ts'
import { withConsistency } from './with-consistency.ts'

const asking: Asking = {
  caller: { tenant: 'alder', subject: 'a', client: 'test', scopes: new Set(), expiresAt: new Date(8.64e15) },
  channel: 'GRAPHQL',
  atLeastEpoch: 0,
  replyHeaders: new Map(),
  signal: new AbortController().signal,
}

/** The road behind, which says as of which epoch it was asked; and a replica at an epoch. */
function door(known: number, ready = true) {
  const answer = vi.fn<Answer>(async (_, { atLeastEpoch }) => ({ data: { atLeastEpoch } }))
  const whenAtLeast = (_tenant: string, epoch: number, signal: AbortSignal) =>
    epoch <= known
      ? Promise.resolve()
      : new Promise<void>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
  const consistent = withConsistency(answer, { ready: () => ready, whenAtLeast })
  const ask = (request: Partial<GraphQLRequest>) => consistent({ query: '{ a }', method: 'POST', ...request }, asking)
  return { answer, ask }
}
const ours = (epoch: number) => consistencyToken({ tenant: 'alder', epoch })
const theirs = consistencyToken({ tenant: 'birch', epoch: 1_000 })

describe('a question with a consistency token', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  it('is answered as of the newest change that it names, in the header or in the extensions', async () => {
    const { ask } = door(7)
    expect(await ask({})).toEqual({ data: { atLeastEpoch: 0 } })
    expect(await ask({ consistency: ours(5) })).toEqual({ data: { atLeastEpoch: 5 } })
    expect(await ask({ extensions: { consistency: ours(6) } })).toEqual({ data: { atLeastEpoch: 6 } })
    expect(await ask({ consistency: ours(7), extensions: { consistency: ours(6) } })).toEqual({
      data: { atLeastEpoch: 7 },
    })
  })

  it('changes nothing where the token is of another tenant, and does not wait', async () => {
    expect(await door(0).ask({ consistency: theirs })).toEqual({ data: { atLeastEpoch: 0 } })
  })

  it('is refused, and not answered by the old state, when the change does not come', async () => {
    const { answer, ask } = door(7)
    const refused = expect(ask({ consistency: ours(8) })).rejects.toMatchObject({
      extensions: { code: 'CONSISTENCY_TIMEOUT' },
    })
    await vi.advanceTimersByTimeAsync(2_000)
    await refused
    expect(answer).not.toHaveBeenCalled()
  })

  it('is refused at once while nothing can be decided', async () => {
    await expect(door(7, false).ask({ consistency: ours(7) })).rejects.toMatchObject({
      extensions: { code: 'SERVICE_UNAVAILABLE' },
    })
  })

  it.each([['x'], [''], [7], [{}]])('is refused with the token %j, which no receipt has', async (consistency) => {
    for (const request of [{ consistency }, { extensions: { consistency } }]) {
      await expect(door(7).ask(request)).rejects.toMatchObject({ extensions: { code: 'BAD_REQUEST' } })
    }
  })
})
