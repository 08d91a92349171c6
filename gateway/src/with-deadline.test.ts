import { getEventListeners } from 'node:events'
import { describe, expect, it } from 'vitest'
import type { Operation } from './operation/operation.ts'
import type { Asking } from './operation/request.ts'
import type { QueryRoad } from './query.ts'
import { withDeadline } from './with-deadline.ts'

describe('the time of a whole request', () => {
  /** A road whose fetches last until they are ended. */
  const endless: QueryRoad = (_, { signal }) =>
    new Promise((resolve) => {
      const end = () => resolve({ data: { ended: signal.reason?.name } })
      if (signal.aborted) end()
      signal.addEventListener('abort', end)
    })
  const ask = (signal: AbortSignal, milliseconds: number) =>
    withDeadline(endless, milliseconds)({} as Operation, { signal } as Asking)

  it('ends its fetches when it is over, and what was fetched by then is answered', async () => {
    const client = new AbortController()
    expect(await ask(client.signal, 10)).toEqual({ data: { ended: 'TimeoutError' } })
    expect(getEventListeners(client.signal, 'abort')).toEqual([])
  })

  it('ends its fetches when the client goes', async () => {
    const client = new AbortController()
    const answered = ask(client.signal, 60_000)
    client.abort()
    expect(await answered).toEqual({ data: { ended: 'AbortError' } })
    expect(await ask(client.signal, 60_000)).toEqual({ data: { ended: 'AbortError' } })
  })
})
