/** The supergraph changes while the gateway runs. */
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { subgraphSchema } from '@fundmesh/platform/service/subgraph-schema'
import { createLogger } from '@fundmesh/platform/telemetry/log'
import { graphql } from 'graphql'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { composed } from './access/cases/graph.ts'
import { currentGraph } from './current-graph.ts'
import { createGateway } from './gateway.ts'
import type { Graph } from './graph.ts'
import type { Asking, GraphQLRequest } from './operation/request.ts'
import type { LoadedSupergraph } from './supergraph/supergraph.ts'

type Gateway = Awaited<ReturnType<typeof createGateway>>

describe('a supergraph that changes', { timeout: 180_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'reload-'))
  const file = join(folder, 'supergraph.graphql')
  /** Whole at once, as whoever mounts files does. */
  const write = (text: string) => {
    writeFileSync(`${file}.new`, text)
    renameSync(`${file}.new`, file)
  }
  const before = composed({ things: 'type Query { one: String slow: String }' })
  const after = composed({ things: 'type Query { one: String slow: String two: String }' })
  let subgraph: Server
  let gateway: Gateway
  let url: string
  let letGo: (() => void) | undefined
  let reached: Promise<void>
  const logged: string[] = []

  const ask = async (query: string) => {
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
    })
    return (await response.json()) as { data?: unknown; errors?: unknown }
  }
  const until = async (holds: () => boolean | Promise<boolean>) => {
    while (!(await holds())) await sleep(50)
  }

  beforeAll(async () => {
    const schema = subgraphSchema(
      'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9") type Query { one: String slow: String two: String }',
      {
        Query: {
          one: () => 'one',
          two: () => 'two',
          slow: () => new Promise((answer) => (letGo = () => answer('slow'))),
        },
      },
    )
    let told: () => void
    reached = new Promise((resolve) => (told = resolve))
    subgraph = createServer((request, response) => {
      let body = ''
      request.on('data', (chunk) => (body += chunk))
      request.on('end', async () => {
        const { query, variables } = JSON.parse(body)
        if (query.includes('slow')) told()
        response.setHeader('content-type', 'application/json')
        response.end(JSON.stringify(await graphql({ schema, source: query, variableValues: variables })))
      })
    })
    await new Promise<void>((resolve) => subgraph.listen(0, '127.0.0.1', resolve))
    write(before)
    const log = createLogger('test', 'silent')
    for (const level of ['info', 'error'] as const)
      log[level] = ((about: unknown, text?: string) => {
        logged.push(typeof about === 'string' ? about : `${text} ${(about as { reason?: string }).reason}`)
      }) as typeof log.info
    gateway = await createGateway(
      {
        SUPERGRAPH: file,
        SUPERGRAPH_WATCH_SECONDS: '1',
        SUBGRAPH_URL_THINGS: `http://127.0.0.1:${(subgraph.address() as AddressInfo).port}`,
        ACCESS: 'open',
        PORT: '0',
        FETCH_TIMEOUT_MS: '120000',
        REQUEST_TIMEOUT_MS: '120000',
      },
      log,
    )
    url = (await gateway.listen()).url
  })
  afterAll(async () => {
    await gateway.drain()
    subgraph.close()
    rmSync(folder, { recursive: true })
  })

  it('is served as it is then, and what was asked before is answered as it was', async () => {
    expect(await ask('{ one }')).toMatchObject({ data: { one: 'one' } })
    expect(await ask('{ two }')).toHaveProperty('errors')
    const slow = ask('{ slow }')
    await reached
    write(after)
    await until(async () => (await ask('{ two }')).errors === undefined)
    expect(await ask('{ one two }')).toMatchObject({ data: { one: 'one', two: 'two' } })
    letGo!()
    expect(await slow).toMatchObject({ data: { slow: 'slow' } })
  })

  it('is served as it was where it cannot be, with the reason in the log', async () => {
    write('type Query { this is no supergraph')
    await until(() => logged.some((line) => line.startsWith('the new supergraph is not served')))
    expect(logged.find((line) => line.startsWith('the new supergraph is not served'))).toMatch(/line 1/)
    expect(await ask('{ two }')).toMatchObject({ data: { two: 'two' } })
    write(before)
    await until(async () => (await ask('{ two }')).errors !== undefined)
    expect(await ask('{ one }')).toMatchObject({ data: { one: 'one' } })
  })
})

describe('a graph that cannot be closed', () => {
  it('keeps none of its successors from being served', async () => {
    const graph = (text: string) =>
      ({
        loaded: { text },
        views: { graphs: [] },
        explain: undefined,
        assertReady() {},
        drain() {},
        async close() {
          throw new Error(`${text} stays open`)
        },
      }) as unknown as Graph
    let text = 'first'
    const failed: unknown[] = []
    const log = createLogger('test', 'silent')
    log.error = ((about: { err?: Error }) => void failed.push(about.err?.message)) as typeof log.error
    const current = currentGraph({
      first: { text } as LoadedSupergraph,
      load: () => ({ text }) as LoadedSupergraph,
      open: (loaded) => graph(loaded.text),
      goodbyeMs: 1,
      log,
    })
    for (text of ['second', 'third']) await current.reload()
    expect(failed).toEqual(['first stays open', 'second stays open'])
  })
})

describe('what was asked last', () => {
  it('is planned in a new graph: by text or by name, and nothing that is too large to be kept', async () => {
    const planned: unknown[] = []
    const graph = (loaded: LoadedSupergraph) =>
      ({
        loaded,
        views: { graphs: [] },
        explain: undefined,
        answer: async () => ({ data: {} }),
        plan: async ({ query, extensions }: GraphQLRequest) => void planned.push(query || extensions),
        assertReady() {},
        drain() {},
        async close() {},
      }) as unknown as Graph
    let text = 'first'
    const load = () => ({ text }) as LoadedSupergraph
    const current = currentGraph({
      first: load(),
      load,
      open: graph,
      goodbyeMs: 1,
      log: createLogger('test', 'silent'),
    })
    const named = ['a', 'b'].map((sha256Hash) => ({ persistedQuery: { sha256Hash } }))
    for (const request of [
      { query: '{ one }' },
      { query: '{ two }', extensions: { filler: 'x'.repeat(30_000) } },
      ...named.map((extensions) => ({ query: '', extensions })),
    ])
      await current.answer({ method: 'POST', ...request }, {} as Asking)
    text = 'second'
    await current.reload()
    expect(planned).toHaveLength(3)
    expect(planned).toEqual(expect.arrayContaining(['{ one }', ...named]))
  })
})
