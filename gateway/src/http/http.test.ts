import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import { fileURLToPath } from 'node:url'
import { ADMIN_SCOPE } from '@fundmesh/platform/identity/caller'
import { httpService } from '@fundmesh/platform/service/http-service'
import type { Service } from '@fundmesh/platform/service/service'
import { createLogger } from '@fundmesh/platform/telemetry/log'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Audit } from '../audit/audit.ts'
import { unheard } from '../audit/testing.ts'
import { codedError } from '../errors/catalogue.ts'
import type { Explanation } from '../explain/explain.ts'
import { required } from '../identity/enter.ts'
import { loadSupergraph } from '../supergraph/supergraph.ts'
import { openViews } from '../view/views.ts'
import { type Answer, httpHandler } from './http.ts'

const supergraphFile = fileURLToPath(new URL('../../../contracts/graph/supergraph.graphql', import.meta.url))
const caller = {
  tenant: 'alder',
  subject: 'a',
  client: 'test',
  scopes: new Set<string>(),
  expiresAt: new Date(Date.now() + 60_000),
}
const json = { authorization: 'Bearer good', 'content-type': 'application/json' }
const stream = 'subscription { navUpdates { __typename } }'

describe('the HTTP door', () => {
  let service: Service
  let url: string
  const logged: string[] = []
  const explained: Parameters<Audit['explained']>[] = []
  let begun = 0
  let ending = caller
  let aborted = 0
  let closed = 0

  beforeAll(async () => {
    const log = createLogger('test', 'warn', { write: (line) => logged.push(line) })
    const views = openViews(loadSupergraph(supergraphFile, new Map()), log)
    const { understand } = views.of(caller)
    const answer: Answer = async (request, { signal }) => {
      const { definition } = understand(request)
      if (definition.name?.value === 'Endless') return endless(signal)
      if (definition.operation === 'subscription') return ticks(signal)
      signal.addEventListener('abort', () => aborted++)
      if (definition.name?.value === 'Slow') {
        begun++
        await new Promise((resolve) => signal.addEventListener('abort', resolve))
      }
      return { data: { me: null } }
    }
    async function* endless(signal: AbortSignal) {
      try {
        yield { data: { tick: 1 } }
        await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()))
      } finally {
        closed++
      }
    }
    async function* ticks(signal: AbortSignal) {
      try {
        yield { data: { tick: 1 } }
        if (signal.aborted) return
        yield { errors: [codedError('STREAM_GAP')] }
      } finally {
        closed++
      }
    }
    service = httpService({
      name: 'gateway',
      host: '127.0.0.1',
      port: 0,
      handler: httpHandler({
        enter: required(async (token) => {
          // Its warning comes half a second from now.
          if (token === 'ending') ending = { ...caller, expiresAt: new Date(Date.now() + 30_500) }
          if (token === 'ending') return ending
          if (token === 'admin') return { ...caller, subject: 'admin', scopes: new Set([ADMIN_SCOPE]) }
          if (token !== 'good') throw codedError('UNAUTHENTICATED')
          return caller
        }),
        views,
        answer,
        audit: { ...unheard, explained: (...told) => void explained.push(told) },
        explain: async () => ({ decision: 'ALLOWED' }) as Explanation,
        corsOrigins: ['https://other.example', 'https://page.example'],
        csrfPrevention: true,
        log,
      }),
      ready: async () => {},
      close: async () => {},
      log,
    })
    url = (await service.listen()).url
  })
  afterAll(() => service.drain())

  const post = (body: unknown, headers: Record<string, string> = json): RequestInit => ({
    method: 'POST',
    headers,
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
  const get = { headers: { authorization: json.authorization } }
  const invalidText = Buffer.from('{"query": "{ me { id } } # \xff"}', 'latin1')
  const form = () => {
    const data = new FormData()
    data.set('operations', '{"query":"{ me { id } }"}')
    return data
  }

  const refusals: readonly [string, string, RequestInit, number, string | undefined][] = [
    [
      'no token',
      '/graphql',
      post({ query: '{ me { id } }' }, { 'content-type': 'application/json' }),
      401,
      'UNAUTHENTICATED',
    ],
    ['no token at an unknown path', '/else', {}, 401, 'UNAUTHENTICATED'],
    ['an unknown path', '/else', get, 404, undefined],
    ['a body that is not JSON', '/graphql', post('{"secret": '), 400, 'BAD_REQUEST'],
    ['a list of operations', '/graphql', post([{ query: '{ me { id } }' }]), 400, 'BAD_REQUEST'],
    ['JSON that is no object', '/graphql', post('null'), 400, 'BAD_REQUEST'],
    ['no document', '/graphql', post({}), 400, 'BAD_REQUEST'],
    ['no document by GET', '/graphql', get, 400, 'BAD_REQUEST'],
    ['an unknown parameter', '/graphql', post({ query: '{ me { id } }', qeury: 1 }), 400, 'BAD_REQUEST'],
    ['variables by GET that are not JSON', '/graphql?query={me{id}}&variables={', get, 400, 'BAD_REQUEST'],
    [
      'a document that is nested too deeply',
      '/graphql',
      post({ query: '{me'.repeat(4_000) }),
      400,
      'OPERATION_TOO_COMPLEX',
    ],
    ['a body that is too large', '/graphql', post({ query: ' '.repeat(2 ** 20) }), 413, 'REQUEST_TOO_LARGE'],
    [
      'another media type',
      '/graphql',
      post('{ me { id } }', { ...json, 'content-type': 'application/xml' }),
      415,
      undefined,
    ],
    ...(
      [
        ['another charset', { 'content-type': 'application/json; charset=utf-16' }],
        ['a compressed body', { 'content-encoding': 'gzip' }],
      ] as const
    ).map(([name, headers]): [string, string, RequestInit, number, undefined] => [
      name,
      '/graphql',
      post({ query: '{ me { id } }' }, { ...json, ...headers }),
      415,
      undefined,
    ]),
    ...[
      'text/plain',
      'application/x-www-form-urlencoded',
      'TEXT/PLAIN;charset=utf-8',
      'text/plain, application/json',
    ].map((type): [string, string, RequestInit, number, string] => [
      `a body that a page of another origin could post as ${type}`,
      '/graphql',
      post({ query: '{ me { id } }' }, { ...json, 'content-type': type }),
      400,
      'CSRF_PREVENTED',
    ]),
    [
      'a body without a type',
      '/graphql',
      { method: 'POST', ...get, body: new Uint8Array([123, 125]) },
      400,
      'CSRF_PREVENTED',
    ],
    ['a form with files', '/graphql', { method: 'POST', ...get, body: form() }, 400, 'CSRF_PREVENTED'],
    ['bytes that are no UTF-8', '/graphql', { ...post(''), body: invalidText }, 400, 'BAD_REQUEST'],
    ['a query string that is no UTF-8', '/graphql?query={me(a:"%ff"){id}}', get, 400, 'BAD_REQUEST'],
    ['another method', '/graphql', { ...post({ query: '{ me { id } }' }), method: 'PUT' }, 405, 'METHOD_NOT_ALLOWED'],
    [
      'an answer in a form that we do not give',
      '/graphql',
      post({ query: '{ me { id } }' }, { ...json, accept: 'text/html' }),
      406,
      undefined,
    ],
    [
      'a stream as one JSON',
      '/graphql',
      post({ query: stream }, { ...json, accept: 'application/json' }),
      406,
      undefined,
    ],
  ]
  /** The same by the other road: JSON under the name that graphql-yoga reads. */
  const byYoga = refusals.flatMap(([name, path, request, ...expected]): typeof refusals => {
    const headers = { ...(request.headers as Record<string, string>), 'content-type': 'application/graphql+json' }
    const type = (request.headers as Record<string, string> | undefined)?.['content-type']
    return type === 'application/json'
      ? [[`${name}, as yoga reads it`, path, { ...request, headers }, ...expected]]
      : []
  })

  it.each([...refusals, ...byYoga])(
    'refuses %s, with a code of the catalogue alone',
    async (_, path, request, status, code) => {
      logged.length = 0
      const response = await fetch(url + path, request)
      expect(response.status).toBe(status)
      const text = await response.text()
      expect(text).not.toMatch(/secret|Maximum call stack/)
      if (code === undefined) expect(text).toBe('')
      else
        expect(JSON.parse(text)).toEqual({
          errors: [expect.objectContaining({ extensions: expect.objectContaining({ code }) })],
        })
      // The caller's mistake is not ours.
      expect(logged).toEqual([])
    },
  )

  it.each(['application/json', 'application/graphql+json'])(
    'streams to whoever takes anything and asks for a stream as %s',
    async (type) => {
      const response = await fetch(`${url}/graphql`, post({ query: stream }, { ...json, 'content-type': type }))
      expect(response.status).toBe(200)
      expect(await response.text()).toContain('"tick":1')
    },
  )

  it.each(['null', 'https://stranger.example'])('lets no page of the origin %s read an answer', async (origin) => {
    const allowed = async (asked: RequestInit) =>
      (await fetch(`${url}/graphql`, asked)).headers.get('access-control-allow-origin')
    const preflight = { origin, 'access-control-request-method': 'POST' }
    expect(await allowed({ method: 'OPTIONS', headers: preflight })).toBeNull()
    for (const type of ['application/json', 'application/graphql+json'])
      expect(await allowed(post({ query: '{ me { id } }' }, { ...json, 'content-type': type, origin }))).toBeNull()
  })

  it('tells a page of another origin the same on both roads', async () => {
    const told = await Promise.all(
      ['application/json', 'application/graphql+json'].map(async (type) => {
        const headers = { ...json, 'content-type': type, origin: 'https://page.example' }
        const answer = await fetch(`${url}/graphql`, post({ query: '{ me { id } }' }, headers))
        return [
          answer.status,
          await answer.text(),
          ...[...answer.headers].filter(([name]) => /access-control|vary|type/.test(name)),
        ]
      }),
    )
    expect(told[0]).toEqual(told[1])
    expect(told[0]).toContainEqual(['access-control-allow-origin', 'https://page.example'])
  })

  it.each([
    [[], 'Bearer realm="fundmesh"'],
    [['Bearer bad'], 'Bearer realm="fundmesh", error="invalid_token"'],
    [['Bearer good', 'Bearer good'], 'Bearer realm="fundmesh"'],
    [['Bearer good', 'Bearer bad'], 'Bearer realm="fundmesh"'],
  ])('refuses the Authorization headers %j, and says what it takes', async (authorization, challenge) => {
    const asked = request(`${url}/graphql?query={me{id}}`, {
      headers: ['Host', 'fundmesh.example', ...authorization.flatMap((value) => ['Authorization', value])],
    })
    asked.end()
    const [response] = (await once(asked, 'response')) as [IncomingMessage]
    response.resume()
    expect(response.statusCode).toBe(401)
    expect(response.headers['www-authenticate']).toBe(challenge)
  })

  it('explains to administrators, records it, and reads no more of them than of anybody', async () => {
    const admin = { ...json, authorization: 'Bearer admin' }
    const ask = (body: unknown, headers: Record<string, string> = admin) => fetch(`${url}/explain`, post(body, headers))
    const body = { query: '{ me { id } }', as: { tenant: 'birch', scopes: ['a'] } }
    const answer = await ask(body)
    expect([answer.status, await answer.json()]).toEqual([200, { decision: 'ALLOWED' }])
    expect(explained).toMatchObject([
      [
        { query: '{ me { id } }' },
        { by: { subject: 'admin', tenant: 'alder' }, as: { caller: { tenant: 'birch' } }, decision: 'ALLOWED' },
      ],
    ])
    const refusal = async (sent: unknown, headers?: Record<string, string>) => {
      const response = await ask(sent, headers)
      const { errors } = (await response.json()) as { errors: { extensions: { code: string } }[] }
      return [response.status, errors[0]!.extensions.code]
    }
    expect(await refusal({ ...body, query: 'x'.repeat(1024 * 1024) })).toEqual([413, 'REQUEST_TOO_LARGE'])
    expect(await refusal('{')).toEqual([400, 'BAD_REQUEST'])
    expect(await refusal({ query: 1 })).toEqual([400, 'BAD_REQUEST'])
    expect((await ask(body, json)).status).toBe((await fetch(`${url}/nowhere`, post(body))).status)
    expect(explained).toHaveLength(1)
  })

  it('says in a comment between two events that the token ends soon', async () => {
    const query = 'subscription Endless { navUpdates { __typename } }'
    const asked = post({ query }, { ...json, authorization: 'Bearer ending', accept: 'text/event-stream' })
    const client = new AbortController()
    const { body } = await fetch(`${url}/graphql`, { ...asked, signal: client.signal })
    let text = ''
    for await (const chunk of body!.pipeThrough(new TextDecoderStream())) {
      text += chunk
      if (text.includes('token_expiring')) break
    }
    client.abort()
    expect(text.replaceAll(':\n\n', '')).toBe(
      `event: next\ndata: {"data":{"tick":1}}\n\n: token_expiring ${ending.expiresAt.toISOString()}\n\n`,
    )
  })

  it.each(['graphql-require-preflight', 'apollo-require-preflight', 'x-apollo-operation-name'])(
    'takes a form from a page that was asked first, which %s shows',
    async (proof) => {
      const headers = { ...json, 'content-type': 'application/x-www-form-urlencoded', [proof]: 'yes' }
      const answer = await fetch(`${url}/graphql`, post('query={me{id}}', headers))
      expect([answer.status, await answer.json()]).toEqual([200, { data: { me: null } }])
    },
  )

  it('says why a stream ended in its last event, without the status that it would have had', async () => {
    const response = await fetch(`${url}/graphql`, post({ query: stream }, { ...json, accept: 'text/event-stream' }))
    const text = await response.text()
    expect(text).toContain('"code":"STREAM_GAP"')
    expect(text).not.toContain('http')
    expect(text).toMatch(/event: complete\s+data:\s+$/)
    await expect.poll(() => closed).toBeGreaterThan(0)
  })

  it.each(['text/event-stream', 'multipart/mixed'])('ends a stream in %s whose client went away', async (accept) => {
    const before = closed
    const client = new AbortController()
    const { body } = await fetch(`${url}/graphql`, {
      ...post({ query: 'subscription Endless { navUpdates { __typename } }' }, { ...json, accept }),
      signal: client.signal,
    })
    await body!.getReader().read()
    client.abort()
    await expect.poll(() => closed).toBe(before + 1)
  })

  it('stops working on a query whose client went away', async () => {
    const client = new AbortController()
    const before = aborted
    const asked = fetch(`${url}/graphql`, { ...post({ query: 'query Slow { me { id } }' }), signal: client.signal })
    await Promise.all([
      expect(asked).rejects.toThrow(),
      expect
        .poll(() => begun)
        .toBe(1)
        .then(() => client.abort()),
    ])
    await expect.poll(() => aborted).toBe(before + 1)
  })
})
