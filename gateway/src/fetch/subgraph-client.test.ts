import { getEventListeners, once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createLogger } from '@fundmesh/platform/telemetry/log'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { subgraphClient, subgraphConnections } from './subgraph-client.ts'

describe('a fetch from a subgraph', () => {
  let slow = false
  let status = 200
  const server = createServer((request, response) => {
    request.resume()
    if (slow) return
    response.statusCode = status
    response.end(status === 200 ? '{"data":{"fund":null}}' : '{"errors":[{"message":"inner"}]}')
  })
  const connections = subgraphConnections(10_000)
  const question = { query: '{ fund { id } }', operationName: undefined, variables: {}, passport: 'sealed' }
  let ask: (signal: AbortSignal, timeoutMs?: number) => Promise<unknown>

  beforeAll(async () => {
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`
    const log = createLogger('test', 'silent')
    ask = (signal, timeoutMs = 5_000) =>
      subgraphClient({ name: 'fund', url, timeoutMs, connections, log }).ask({ ...question, signal })
  })
  afterAll(async () => {
    await connections.destroy()
    server.close()
  })

  it("leaves nothing behind on the asker's signal, which may live as long as a stream", async () => {
    slow = false
    const asker = new AbortController()
    for (let turn = 0; turn < 3; turn++) expect(await ask(asker.signal)).toMatchObject({ data: { fund: null } })
    expect(getEventListeners(asker.signal, 'abort')).toEqual([])
    const dependants = Object.getOwnPropertySymbols(asker.signal).find(
      ({ description }) => description === 'kDependantSignals',
    )
    expect(dependants && (asker.signal as unknown as Record<symbol, Set<unknown>>)[dependants]?.size).toBeFalsy()
  })

  it.each([401, 500, 503])('takes status %i without data for no answer', async (failing) => {
    slow = false
    status = failing
    await expect(ask(new AbortController().signal)).rejects.toMatchObject({ code: 'SUBGRAPH_UNAVAILABLE' })
    status = 200
  })

  it('ends when its time is over', async () => {
    slow = true
    await expect(ask(new AbortController().signal, 50)).rejects.toMatchObject({ code: 'SUBGRAPH_TIMEOUT' })
  })

  it('ends with whoever asks', async () => {
    slow = true
    const asker = new AbortController()
    const asked = ask(asker.signal)
    setTimeout(() => asker.abort(), 20)
    await expect(asked).rejects.toMatchObject({ code: 'SUBGRAPH_UNAVAILABLE' })
    await expect(ask(asker.signal)).rejects.toMatchObject({ code: 'SUBGRAPH_UNAVAILABLE' })
  })
})
