/** The door that stands alone: any supergraph, one command, no other service but the subgraphs. */
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Service } from '@fundmesh/platform/service/service'
import { subgraphSchema } from '@fundmesh/platform/service/subgraph-schema'
import { createLogger } from '@fundmesh/platform/telemetry/log'
import { GraphQLScalarType, graphql } from 'graphql'
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { composed } from './access/cases/graph.ts'
import { createGateway } from './gateway.ts'

const sdl = `
  type Query { me: User when(day: Date): String }
  type User @key(fields: "id") {
    id: ID!
    email: String @authenticated
    ssn: String @requiresScopes(scopes: [["ssn", "read"]])
    secret: String @policy(policies: [["anything"]])
  }
  type Subscription { ticks: Int secretTicks: Int @authenticated }
  scalar Date
`

describe('a gateway that stands alone', () => {
  const folder = mkdtempSync(join(tmpdir(), 'gateway-'))
  const supergraph = join(folder, 'supergraph.graphql')
  const log = createLogger('test', 'silent')
  let subgraph: Server
  let url: string
  let sent: { query: string; headers: NodeJS.Dict<string | string[]> }[] = []
  let sign: (claims: JWTPayload) => Promise<string>
  let gateway: Service | undefined
  let door: string

  beforeAll(async () => {
    const { publicKey, privateKey } = await generateKeyPair('ES256')
    const keys = [{ ...(await exportJWK(publicKey)), kid: 'k', alg: 'ES256', use: 'sig' }]
    sign = (claims) =>
      new SignJWT(claims).setProtectedHeader({ alg: 'ES256', kid: 'k' }).setExpirationTime('1h').sign(privateKey)
    const me = { id: '1', email: 'SECRET-1', ssn: 'SECRET-2', secret: 'SECRET-3' }
    const schema = subgraphSchema(
      `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@authenticated", "@requiresScopes", "@policy"]) ${sdl}`,
      {
        Query: {
          me: () => me,
          when: (_: unknown, { day }: { day: string }) => (day === 'never' ? new Promise(() => {}) : day),
        },
        Date: new GraphQLScalarType({ name: 'Date' }),
      },
    )
    subgraph = createServer((request, response) => {
      response.setHeader('content-type', 'application/json')
      if (request.method === 'GET') return response.end(JSON.stringify({ keys }))
      let body = ''
      request.on('data', (chunk) => (body += chunk))
      request.on('end', async () => {
        const { query, variables } = JSON.parse(body)
        sent.push({ query, headers: request.headers })
        response.end(JSON.stringify(await graphql({ schema, source: query, variableValues: variables })))
      })
    })
    await new Promise<void>((resolve) => subgraph.listen(0, '127.0.0.1', resolve))
    url = `http://127.0.0.1:${(subgraph.address() as AddressInfo).port}`
    writeFileSync(supergraph, composed({ users: sdl }))
  })
  afterEach(async () => {
    sent = []
    await gateway?.drain()
    gateway = undefined
  })
  afterAll(() => {
    subgraph.close()
    rmSync(folder, { recursive: true })
  })

  const start = async (env: NodeJS.ProcessEnv) => {
    gateway = await createGateway({ SUPERGRAPH: supergraph, SUBGRAPH_URL_USERS: url, PORT: '0', ...env }, log)
    door = `${(await gateway.listen()).url}/graphql`
    return async (query: string, token?: string) => {
      const response = await fetch(door, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
        body: JSON.stringify({ query }),
      })
      const { data, errors = [] } = (await response.json()) as {
        data?: unknown
        errors?: { path?: string[]; extensions: { code: string } }[]
      }
      return [
        response.status,
        data,
        errors.map(({ path, extensions }) => [extensions.code, ...(path ?? [])].join(' ')),
      ] as const
    }
  }
  const all = '{ me { id email ssn secret } }'
  const denied = (...fields: string[]) => fields.map((field) => `UNAUTHORIZED_FIELD_OR_TYPE me ${field}`)

  it.each(['on', 'off'])(
    'answers what is there when the time of a request is over, coalescing %s',
    async (COALESCING) => {
      const ask = await start({ ACCESS: 'open', REQUEST_TIMEOUT_MS: '200', COALESCING })
      expect(await ask('{ when(day: "never") }')).toEqual([200, { when: null }, ['SUBGRAPH_TIMEOUT when']])
    },
  )

  it('wants a token by default', async () => {
    const ask = await start({ JWKS_URL: url })
    expect(await ask(all)).toEqual([401, undefined, ['UNAUTHENTICATED']])
    expect(await ask('{ me { email } }', await sign({ sub: 'a' }))).toEqual([200, { me: { email: 'SECRET-1' } }, []])
  })

  it('lets the directives decide where a token is optional, and refuses one that is not good', async () => {
    const ask = await start({ JWKS_URL: url, ACCESS: 'optional' })
    expect(await ask(all)).toEqual([
      200,
      { me: { id: '1', email: null, ssn: null, secret: null } },
      denied('email', 'ssn', 'secret'),
    ])
    expect(sent.map(({ query }) => query)).toEqual(['{me{id}}'])
    expect(await ask(all, 'nonsense')).toEqual([401, undefined, ['UNAUTHENTICATED']])
  })

  it.each<[string, JWTPayload]>([
    ['scope', { sub: 'a', scope: 'read ssn' }],
    ['scp as a text', { sub: 'a', scp: 'ssn read' }],
    ['scp as a list', { scp: ['ssn', 'read'] }],
  ])('reads scopes from the claim %s, and wants no tenant', async (_, claims) => {
    const ask = await start({ JWKS_URL: url, ACCESS: 'optional' })
    expect(await ask(all, await sign(claims))).toEqual([
      200,
      { me: { id: '1', email: 'SECRET-1', ssn: 'SECRET-2', secret: null } },
      denied('secret'),
    ])
  })

  it('checks issuer and audience where they are set', async () => {
    const ask = await start({ JWKS_URL: url, JWT_ISSUER: 'us', JWT_AUDIENCE: 'graph' })
    expect((await ask(all, await sign({ sub: 'a' })))[0]).toBe(401)
    expect((await ask(all, await sign({ sub: 'a', iss: 'us', aud: 'other' })))[0]).toBe(401)
    expect((await ask(all, await sign({ sub: 'a', iss: 'us', aud: 'graph' })))[0]).toBe(200)
  })

  it('knows nobody where it is open, whatever they bring', async () => {
    const ask = await start({ ACCESS: 'open' })
    expect(await ask('{ me { id email } }', await sign({ sub: 'a' }))).toEqual([
      200,
      { me: { id: '1', email: null } },
      denied('email'),
    ])
  })

  it('refuses the whole operation where it is to reject', async () => {
    const ask = await start({ ACCESS: 'open', AUTHORIZATION_MODE: 'reject' })
    expect(await ask('{ me { id email } }')).toEqual([403, undefined, denied('email')])
    expect(sent).toEqual([])
  })

  it('serves no subscriptions, and says of a forbidden one that it is', async () => {
    const ask = await start({ ACCESS: 'open' })
    expect(await ask('subscription { ticks }')).toEqual([400, undefined, ['BAD_USER_INPUT']])
    expect(await ask('subscription { secretTicks }')).toEqual([
      403,
      undefined,
      ['UNAUTHORIZED_FIELD_OR_TYPE secretTicks'],
    ])
  })

  it('seals no passport without a key, and takes the scalars of another graph as they come', async () => {
    const ask = await start({ ACCESS: 'open' })
    expect(await ask('{ when(day: "tomorrow") }')).toEqual([200, { when: 'tomorrow' }, []])
    expect(Object.keys(sent[0]!.headers).filter((name) => name.startsWith('x-fundmesh'))).toEqual([])
  })

  it('answers nothing about its schema where introspection is off', async () => {
    const ask = await start({ ACCESS: 'open', INTROSPECTION: 'off' })
    expect(await ask('{ __type(name: "User") { __typename } }')).toEqual([
      400,
      undefined,
      ['GRAPHQL_VALIDATION_FAILED'],
    ])
    expect((await ask('{ __typename me { __typename id } }'))[1]).toMatchObject({ me: { __typename: 'User', id: '1' } })
  })

  const post = (request: object, token?: string) =>
    fetch(door, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
      body: JSON.stringify(request),
    })

  it.each([
    ['on', 200],
    ['off', 404],
  ])('learns documents from those who ask where APQ is %s', async (APQ, status) => {
    await start({ ACCESS: 'open', APQ })
    const query = '{ me { id } }'
    const extensions = { persistedQuery: { version: 1, sha256Hash: createHash('sha256').update(query).digest('hex') } }
    expect((await post({ extensions })).status).toBe(404)
    expect((await post({ query, extensions })).status).toBe(200)
    expect((await post({ extensions })).status).toBe(status)
  })

  it('shows plan and timings to an administrator who asks for them, and to nobody else', async () => {
    await start({ JWKS_URL: url, ACCESS: 'optional' })
    const traceFor = async (token?: string, extensions: object = { trace: true }) =>
      ((await (await post({ query: '{ me { id } }', extensions }, token)).json()) as { extensions: { trace?: object } })
        .extensions.trace
    const administrator = await sign({ sub: 'a', scope: 'entitlement:admin' })
    expect(await traceFor(administrator)).toEqual({
      plan: expect.stringMatching(/^QueryPlan \{\s+Fetch\(service: "users"\)/),
      fetches: [{ subgraph: 'users', startMs: expect.any(Number), durationMs: expect.any(Number) }],
    })
    expect(await traceFor(administrator, {})).toBeUndefined()
    expect(await traceFor(await sign({ sub: 'a', scope: 'read' }))).toBeUndefined()
    expect(await traceFor()).toBeUndefined()
  })

  it.each([
    ['on', true],
    ['off', false],
  ])('shows them to anybody where it is open and PLANS_FOR_ANYBODY is %s', async (PLANS_FOR_ANYBODY, shown) => {
    await start({ ACCESS: 'open', PLANS_FOR_ANYBODY })
    const answer = await (await post({ query: '{ me { id } }', extensions: { trace: true } })).json()
    expect('trace' in (answer as { extensions: object }).extensions).toBe(shown)
  })

  it.each<[string, NodeJS.ProcessEnv, RegExp]>([
    [
      'that shows plans to anybody, though it knows who asks',
      { SUPERGRAPH: supergraph, ACCESS: 'optional', PLANS_FOR_ANYBODY: 'on' },
      /PLANS_FOR_ANYBODY: expected ACCESS=open/,
    ],
    ['that wants tokens and has no keys', { SUPERGRAPH: supergraph }, /JWKS_URL/],
    ['without a supergraph that can be read', { SUPERGRAPH: join(folder, 'none'), ACCESS: 'open' }, /none: ENOENT/],
    ['with an access that there is not', { SUPERGRAPH: supergraph, ACCESS: 'opne' }, /ACCESS/],
    [
      'of our own supergraph without what it needs',
      { ACCESS: 'open' },
      /JWT_ISSUER.*PASSPORT_PRIVATE_KEY.*EVENT_LOG_URL/,
    ],
  ])('does not start %s', async (_, env, reason) => {
    await expect(createGateway(env, log)).rejects.toThrow(reason)
  })
})
