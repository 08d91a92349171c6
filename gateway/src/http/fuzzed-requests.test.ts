/** The door under random requests: a client's mistake is told as one, and nothing that comes ends or fails the process. */
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { Agent, createServer, request as httpRequest, type IncomingMessage, type Server } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Service } from '@fundmesh/platform/service/service'
import { subgraphSchema } from '@fundmesh/platform/service/subgraph-schema'
import { createLogger } from '@fundmesh/platform/telemetry/log'
import { random } from '@fundmesh/platform/testing/random'
import { graphql } from 'graphql'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { composed } from '../access/cases/graph.ts'
import { isErrorCode } from '../errors/catalogue.ts'
import { createGateway } from '../gateway.ts'
import { type FuzzedRequest, fuzzedGraph, fuzzedRequest } from './fuzzed-request.ts'

const cases = Number(process.env.FUZZ_CASES ?? 1_500)
const seed = Number(process.env.FUZZ_SEED ?? Math.floor(Date.now() / 1_000) % 1_000_000)
/** Requests in flight at a time. */
const lanes = 16

const thing = {
  id: '1',
  name: 'one',
  kind: 'GOOD',
  next: { id: '2', name: null, kind: null },
  any: { __typename: 'Other', text: 'x' },
}

describe(`${cases} random requests of seed ${seed}`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'fuzzed-requests-'))
  const logged: string[] = []
  const agent = new Agent({ keepAlive: true, maxSockets: lanes })
  let subgraph: Server
  let gateway: Service
  let url: string

  beforeAll(async () => {
    const schema = subgraphSchema(
      `extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key"]) ${fuzzedGraph}`,
      {
        Query: { thing: () => thing, things: () => [thing, thing], any: () => ({ __typename: 'Thing', ...thing }) },
        Mutation: { change: () => thing },
      },
    )
    subgraph = createServer((request, response) => {
      let body = ''
      request.on('data', (chunk) => (body += chunk))
      request.on('end', async () => {
        const { query, variables, operationName } = JSON.parse(body)
        response.setHeader('content-type', 'application/json')
        response.end(JSON.stringify(await graphql({ schema, source: query, variableValues: variables, operationName })))
      })
    })
    await new Promise<void>((resolve) => subgraph.listen(0, '127.0.0.1', resolve))
    const supergraph = join(folder, 'supergraph.graphql')
    writeFileSync(supergraph, composed({ things: fuzzedGraph }))
    gateway = await createGateway(
      {
        SUPERGRAPH: supergraph,
        SUBGRAPH_URL_THINGS: `http://127.0.0.1:${(subgraph.address() as AddressInfo).port}`,
        PORT: '0',
        ACCESS: 'open',
        APQ: 'on',
        PLANS_FOR_ANYBODY: 'on',
        // What is slow here is the machine, not the request.
        FETCH_TIMEOUT_MS: '200000',
        PLANNING_TIMEOUT_MS: '200000',
        REQUEST_TIMEOUT_MS: '200000',
      },
      createLogger('test', 'error', { write: (line) => logged.push(line) }),
    )
    url = (await gateway.listen()).url
  })
  afterAll(async () => {
    agent.destroy()
    await gateway?.drain()
    subgraph?.close()
    rmSync(folder, { recursive: true })
  })

  const sent = async ({ method, path, headers, body, fate }: FuzzedRequest) => {
    if (fate === 'garbled') return garbled(body)
    const asked = httpRequest(`${url}`, {
      method,
      path,
      headers: { ...headers, 'content-length': body.length + (fate === 'abandoned' ? 10 : 0) },
      agent,
    })
    if (fate === 'abandoned') {
      asked.on('error', () => {})
      asked.write(body)
      setTimeout(() => asked.destroy(), 1)
      await new Promise((resolve) => asked.once('close', resolve))
      return undefined
    }
    asked.end(body)
    const [answer] = (await once(asked, 'response')) as [IncomingMessage]
    let text = ''
    for await (const chunk of answer.setEncoding('utf8')) text += chunk
    return { status: answer.statusCode!, type: answer.headers['content-type'] ?? '', text }
  }

  /** Bytes that begin like HTTP, and what was answered to them before the connection ended. */
  const garbled = async (body: Buffer) => {
    const { hostname, port } = new URL(url)
    const socket = connect(Number(port), hostname)
    let said = ''
    socket.on('data', (bytes) => (said += bytes.toString('latin1')))
    socket.on('error', () => {})
    socket.write(
      'POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n',
    )
    socket.end(body)
    await new Promise((resolve) => socket.once('close', resolve))
    const status = /^HTTP\/1\.1 (\d{3})/.exec(said)?.[1]
    return status === undefined ? undefined : { status: Number(status), type: '', text: '' }
  }

  const wrongIn = (answer: { status: number; type: string; text: string }): string | undefined => {
    if (answer.status >= 500) return `${answer.status} ${answer.text}`
    if (!answer.type.includes('json') || answer.text === '') return undefined
    const { errors = [] } = JSON.parse(answer.text) as { errors?: { extensions: { code: string } }[] }
    const strange = errors.find(({ extensions }) => !isErrorCode(extensions.code))
    return strange && `an error without a code of the catalogue: ${JSON.stringify(strange)}`
  }

  it('are each answered, and none by a failure of ours', async () => {
    const by = random(seed)
    const requests = (function* () {
      for (let n = 0; n < cases; n++) yield fuzzedRequest(by)
    })()
    const statuses = new Map<number | undefined, number>()
    const wrong: string[] = []
    const lane = async () => {
      for (const request of requests) {
        const answer = await sent(request)
        statuses.set(answer?.status, (statuses.get(answer?.status) ?? 0) + 1)
        const reason = answer && wrongIn(answer)
        if (reason)
          wrong.push(
            `${request.method} ${request.path} ${JSON.stringify(request.headers)} ${request.body.subarray(0, 500)} → ${reason}`,
          )
      }
    }
    const heapBefore = process.memoryUsage().heapUsed
    await Promise.all(Array.from({ length: lanes }, lane))
    const grown = (process.memoryUsage().heapUsed - heapBefore) / 2 ** 20
    console.info(
      `seed ${seed}: by status ${JSON.stringify([...statuses])}; heap ${grown > 0 ? '+' : ''}${grown.toFixed(0)} MB`,
    )
    expect(wrong).toEqual([])
    expect(statuses.get(200)).toBeGreaterThan(0)
    expect(logged).toEqual([])
    expect((await fetch(`${url}/health`)).status).toBe(200)
  })
})
