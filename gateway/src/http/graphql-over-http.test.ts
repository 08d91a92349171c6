/** The public audit of GraphQL over HTTP (package graphql-http) against the gateway as it stands alone, over a real subgraph. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Service } from '@fundmesh/platform/service/service'
import { subgraphSchema } from '@fundmesh/platform/service/subgraph-schema'
import { createLogger } from '@fundmesh/platform/telemetry/log'
import { graphql } from 'graphql'
import { serverAudits } from 'graphql-http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { composed } from '../access/cases/graph.ts'
import { createGateway } from '../gateway.ts'

const sdl = 'type Query { greeting: String }'

describe('GraphQL over HTTP', () => {
  const folder = mkdtempSync(join(tmpdir(), 'graphql-over-http-'))
  let subgraph: Server
  let gateway: Service
  let url: string

  beforeAll(async () => {
    const schema = subgraphSchema(sdl, { Query: { greeting: () => 'hello' } })
    subgraph = createServer((request, response) => {
      let body = ''
      request.on('data', (chunk) => (body += chunk))
      request.on('end', async () => {
        response.setHeader('content-type', 'application/json')
        response.end(JSON.stringify(await graphql({ schema, source: JSON.parse(body).query })))
      })
    })
    await new Promise<void>((resolve) => subgraph.listen(0, '127.0.0.1', resolve))
    const supergraph = join(folder, 'supergraph.graphql')
    writeFileSync(supergraph, composed({ greetings: sdl }))
    gateway = await createGateway(
      {
        SUPERGRAPH: supergraph,
        SUBGRAPH_URL_GREETINGS: `http://127.0.0.1:${(subgraph.address() as AddressInfo).port}`,
        PORT: '0',
        ACCESS: 'open',
        // The audit asks by GET without a header that shows a browser's consent.
        CSRF_PREVENTION: 'off',
      },
      createLogger('test', 'silent'),
    )
    url = `${(await gateway.listen()).url}/graphql`
  })
  afterAll(async () => {
    await gateway?.drain()
    subgraph?.close()
    rmSync(folder, { recursive: true })
  })

  const audits = serverAudits({ url: () => url })

  it('is audited as a whole: graphql-http 1.23.1 has 61 audits', () => {
    expect(audits).toHaveLength(61)
  })

  it.each(audits.map((audit) => [audit.id, audit.name, audit] as const))('%s %s', async (_, __, audit) => {
    const result = await audit.fn()
    expect(result.status === 'ok' ? 'ok' : `${result.status}: ${result.reason}`).toBe('ok')
  })

  const post = async (query: string, accept?: string) => {
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(accept !== undefined && { accept }) },
      body: JSON.stringify({ query }),
    })
    await answer.text()
    return [answer.status, answer.headers.get('content-type')?.split(';')[0] ?? null]
  }
  const json = 'application/json'
  const response = 'application/graphql-response+json'

  it.each<[string, string, number, string | null]>([
    ['application/graphql-response+json, application/json;q=0.9', '{ greeting }', 200, response],
    ['application/json;q=0.1, application/graphql-response+json;q=0.2', '{ greeting }', 200, response],
    ['application/json, application/graphql-response+json', '{ greeting }', 200, json],
    ['application/graphql-response+json;q=0, */*', '{ greeting }', 200, json],
    ['*/*;q=0.1, application/graphql-response+json', '{ greeting }', 200, response],
    ['application/*', '{ greeting }', 200, json],
    ['text/html, */*;q=0.8', '{ greeting }', 200, json],
    ['APPLICATION/JSON ; Charset="UTF-8"', '{ greeting }', 200, json],
    ['application/json;charset=latin1', '{ greeting }', 406, null],
    ['application/json;q=0', '{ greeting }', 406, null],
    ['text/html', '{ greeting }', 406, null],
    ['application/json', '{ nothing }', 200, json],
    ['application/graphql-response+json', '{ nothing }', 400, response],
    // Who names no type has not said that they tell mistakes by anything but the status.
    ['*/*', '{ nothing }', 400, json],
  ])('answers what accepts %s to %s with %s %s', async (accept, query, ...expected) => {
    expect(await post(query, accept)).toEqual(expected)
  })

  it('knows no preflight where no page may call', async () => {
    const answer = await fetch(url, { method: 'OPTIONS' })
    expect([answer.status, await answer.text()]).toEqual([405, expect.stringContaining('METHOD_NOT_ALLOWED')])
  })
})
