import { once } from 'node:events'
import { Server } from 'node:http'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { Undecided } from '../grants/undecided.ts'
import { PASSPORT_HEADER, type Passport, passportSealer, type SealPassport } from '../identity/passport.ts'
import { createLogger } from '../telemetry/log.ts'
import { freePort } from '../testing/port.ts'
import { CallerError } from './errors.ts'
import type { Service } from './service.ts'
import { createSubgraph } from './subgraph.ts'

const passport: Passport = {
  channel: 'GRAPHQL',
  atLeastEpoch: 0,
  caller: {
    tenant: 'alder',
    subject: 'alder-client',
    client: 'test',
    scopes: new Set(['nav:read']),
    expiresAt: new Date(Date.now() + 3_600_000),
  },
  knownAt: '2024-01-16T18:00:00.000Z',
}

const typeDefs = `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
  scalar Date
  scalar Decimal
  type Query {
    tenant: String!
    echo(day: Date!): Date!
    wrongArgument: String
    failing: String
    undecided: String
    missing: String!
    price: Decimal
    count: Int
    colour: Colour
    tick: Tick
    slow(ms: Int = 300): String
    thing: Thing
  }
  type Subscription { ticks: Tick! }
  enum Colour { RED }
  interface Tick { price: Decimal! thing: Thing }
  type Snapshot implements Tick { price: Decimal! thing: Thing }
  type Update implements Tick { price: Decimal! thing: Thing }
  type Thing @key(fields: "id") { id: ID! }
`

const logged: string[] = []
const calls = { context: 0, closed: 0, slow: 0 }
let ready: () => Promise<void> = async () => {}
let service: Service
let url: string
let seal: SealPassport
let keys: Awaited<ReturnType<typeof generateKeyPair>>

/** What the service knows of the grants. */
const grants = { known: true, epoch: 0 }

const start = async () => {
  const definition = {
    name: 'things',
    host: '127.0.0.1',
    port: await freePort(),
    passportPublicKey: await exportJWK(keys.publicKey),
    typeDefs,
    resolvers: {
      Query: {
        tenant: (_: unknown, __: unknown, { tenant }: { tenant: string }) => tenant,
        echo: (_: unknown, { day }: { day: string }) => day,
        wrongArgument: () => {
          throw new CallerError('BAD_USER_INPUT', 'expected a; got b')
        },
        failing: () => {
          throw new Error('secret of the database')
        },
        undecided: () => {
          throw new Undecided('CONSISTENCY_TIMEOUT', 'row policies of the warehouse are behind')
        },
        missing: () => null,
        price: () => 'secret price',
        count: () => 'secret count',
        colour: () => 'secret colour',
        tick: () => ({ __typename: 'SecretTick' }),
        slow: (_: unknown, { ms }: { ms: number }) => {
          calls.slow++
          return sleep(ms).then(() => 'finished')
        },
        thing: () => ({ id: '1' }),
      },
      Update: { thing: (_: unknown, __: unknown, { tenant }: { tenant: string }) => ({ id: `of ${tenant}` }) },
      Thing: { __resolveReference: ({ id }: { id: string }) => (id === 'visible' ? { id } : null) },
    },
    context: ({ caller }: Passport) => {
      calls.context++
      return { tenant: caller.tenant }
    },
    grants: {
      ready: () => grants.known,
      whenAtLeast: async (_: string, epoch: number) => {
        await expect.poll(() => grants.epoch).toBeGreaterThanOrEqual(epoch)
      },
    },
    ready: () => ready(),
    close: async () => {
      calls.closed++
    },
    log: createLogger('things', 'debug', { write: (line) => logged.push(line) }),
  }
  const started = await createSubgraph(definition)
  return { started, ...(await started.listen()) }
}

beforeAll(async () => {
  keys = await generateKeyPair('EdDSA', { extractable: true })
  seal = await passportSealer(await exportJWK(keys.privateKey))
  const running = await start()
  service = running.started
  url = running.url
})
afterAll(() => service.drain())

const post = async (body: object, sealed: string | undefined, at = url) => {
  const response = await fetch(`${at}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(sealed === undefined ? {} : { [PASSPORT_HEADER]: sealed }) },
    body: JSON.stringify(body),
  })
  return { status: response.status, body: await response.json() }
}
const ask = async (query: string, more: object = {}) => (await post({ query, ...more }, await seal(passport))).body

describe('at the door of a subgraph', () => {
  const forged = async (claims: object, changes: (jwt: SignJWT) => SignJWT = (jwt) => jwt) =>
    changes(
      new SignJWT({ tenant: 'alder', scope: '', knownAt: passport.knownAt, sub: 'a', ...claims })
        .setProtectedHeader({ alg: 'EdDSA' })
        .setIssuer('fundmesh:gateway')
        .setAudience('fundmesh:subgraph')
        .setExpirationTime('30s'),
    ).sign(keys.privateKey)

  it.each<[string, () => Promise<string | undefined>]>([
    ['no passport', async () => undefined],
    ['an empty one', async () => ''],
    ['no JWT', async () => 'alder'],
    [
      'one that another key signed',
      async () => {
        const other = await generateKeyPair('EdDSA', { extractable: true })
        return (await passportSealer(await exportJWK(other.privateKey)))(passport)
      },
    ],
    [
      'one whose tenant was changed',
      async () => {
        const [header, , signature] = (await seal(passport)).split('.')
        const { payload } = { payload: { tenant: 'birch', scope: '', knownAt: passport.knownAt, sub: 'a', exp: 9e9 } }
        return [header, Buffer.from(JSON.stringify(payload)).toString('base64url'), signature].join('.')
      },
    ],
    [
      'an unsigned one',
      async () => {
        const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
        return `${part({ alg: 'none' })}.${part({ tenant: 'alder', iss: 'fundmesh:gateway', aud: 'fundmesh:subgraph' })}.`
      },
    ],
    ['an expired one', () => forged({}, (jwt) => jwt.setExpirationTime('-1s'))],
    ['one of another issuer', () => forged({}, (jwt) => jwt.setIssuer('someone'))],
    ['one for another audience', () => forged({}, (jwt) => jwt.setAudience('fundmesh:gateway'))],
    ['one without a tenant', () => forged({ tenant: undefined })],
    ['one without an instant', () => forged({ knownAt: undefined })],
  ])('%s is answered 401, and nothing is made for it', async (_, sealed) => {
    const before = calls.context
    expect(await post({ query: '{ tenant }' }, await sealed())).toEqual({
      status: 401,
      body: {
        errors: [{ message: 'A passport of the gateway is required.', extensions: { code: 'UNAUTHENTICATED' } }],
      },
    })
    expect(calls.context).toBe(before)
  })

  it('a genuine passport decides the tenant', async () => {
    expect(await ask('{ tenant }')).toEqual({ data: { tenant: 'alder' } })
  })

  it('anyone may ask whether it lives and is ready, and learns no reason', async () => {
    expect(await (await fetch(`${url}/health`)).json()).toEqual({ status: 'live', service: 'things' })
    expect((await fetch(`${url}/ready`)).status).toBe(200)
    ready = () => Promise.reject(new Error('database at 10.0.0.1 is away'))
    const response = await fetch(`${url}/ready`)
    ready = async () => {}
    expect(response.status).toBe(503)
    expect(await response.text()).not.toContain('10.0.0.1')
  })

  it('every other path wants a passport too', async () => {
    expect((await fetch(`${url}/`)).status).toBe(401)
    expect((await fetch(`${url}/graphql?query={tenant}`)).status).toBe(401)
  })
})

describe('what may be read', () => {
  const undecided = (code: string) => ({ message: 'What may be read cannot be decided now.', extensions: { code } })

  it('is not answered while the grants are not known, and the service is not ready', async () => {
    grants.known = false
    const before = calls.context
    const answer = await post({ query: '{ tenant }' }, await seal(passport))
    expect(answer).toEqual({ status: 503, body: { errors: [undecided('SERVICE_UNAVAILABLE')] } })
    expect((await fetch(`${url}/ready`)).status).toBe(503)
    expect(calls.context).toBe(before)
    grants.known = true
  })

  it('is answered once the change that the passport names is known', async () => {
    const answer = post({ query: '{ tenant }' }, await seal({ ...passport, atLeastEpoch: 7 }))
    await sleep(50)
    grants.epoch = 7
    expect((await answer).body).toEqual({ data: { tenant: 'alder' } })
  })

  it('is told of a field, where only its resolver finds out', async () => {
    const body = await ask('{ undecided tenant }')
    expect(body.data).toEqual({ undecided: null, tenant: 'alder' })
    expect(body.errors).toMatchObject([{ ...undecided('CONSISTENCY_TIMEOUT'), path: ['undecided'] }])
  })
})

describe('the errors of a subgraph', () => {
  const codeOf = (body: { errors: { message: string; extensions: { code: string } }[] }) =>
    body.errors.map(({ message, extensions }) => [extensions.code, message])

  it("a caller's mistake goes out as it was said, with its path", async () => {
    const body = await ask('{ wrongArgument }')
    expect(body.data).toEqual({ wrongArgument: null })
    expect(body.errors).toEqual([
      expect.objectContaining({
        message: 'expected a; got b',
        path: ['wrongArgument'],
        extensions: { code: 'BAD_USER_INPUT' },
      }),
    ])
  })

  it.each([
    ['text that is no GraphQL', '{', 'Syntax Error'],
    ['a field that does not exist', '{ nothing }', 'Cannot query field'],
    ['a literal that its scalar refuses', '{ echo(day: "2023-02-29") }', 'an existing day'],
  ])('%s is a mistake of the caller', async (_, query, words) => {
    const [[code, message] = []] = codeOf(await ask(query))
    expect(code).toMatch(/^(BAD_USER_INPUT|GRAPHQL_\w+)$/)
    expect(message).toContain(words)
  })

  it('a variable that its scalar refuses is a mistake of the caller', async () => {
    const body = await ask('query($day: Date!) { echo(day: $day) }', { variables: { day: '2023-02-29' } })
    expect(codeOf(body)).toEqual([['BAD_USER_INPUT', expect.stringContaining('an existing day')]])
  })

  it.each([
    ['what a resolver throws', '{ failing }', 'secret of the database'],
    ['a null where there is none', '{ missing }', 'non-nullable'],
    ['a value that its scalar cannot serve', '{ price }', 'secret price'],
    ['a value that Int cannot serve', '{ count }', 'secret count'],
    ['a value that is not of its enum', '{ colour }', 'secret colour'],
    ['an object of a type that does not exist', '{ tick { price } }', 'SecretTick'],
  ])('%s is ours: masked, and logged once', async (_, query, words) => {
    logged.length = 0
    const body = await ask(query)
    expect(codeOf(body)).toEqual([['INTERNAL_SERVER_ERROR', 'The service failed.']])
    expect(JSON.stringify(body)).not.toContain(words)
    expect(logged.filter((line) => line.includes('a resolver failed'))).toHaveLength(1)
    expect(logged.join('')).toContain(words)
  })
})

describe('entities and events', () => {
  it('an entity that a resolver finds is given, and any other is null without an error', async () => {
    const query = 'query($of: [_Any!]!) { _entities(representations: $of) { ... on Thing { id } } }'
    const of = ['visible', 'invisible'].map((id) => ({ __typename: 'Thing', id }))
    expect(await ask(query, { variables: { of } })).toEqual({ data: { _entities: [{ id: 'visible' }, null] } })
  })

  it('an event of a stream is resolved as the value of the subscription field', async () => {
    const body = await ask('subscription { ticks { __typename price thing { id } } }', {
      extensions: { event: { ticks: { __typename: 'Update', price: '26.6620' } } },
    })
    expect(body).toEqual({ data: { ticks: { __typename: 'Update', price: '26.662', thing: { id: 'of alder' } } } })
  })

  it('an event that cannot be served is ours: masked, and logged', async () => {
    logged.length = 0
    const body = await ask('subscription { ticks { price } }', {
      extensions: { event: { ticks: { __typename: 'Update', price: 'secret price' } } },
    })
    expect(body.errors).toEqual([expect.objectContaining({ message: 'The service failed.' })])
    expect(logged.join('')).toContain('secret price')
  })

  it('a stream cannot be opened at a subgraph', async () => {
    const body = await ask('subscription { ticks { price } }')
    expect(body.errors).toEqual([
      expect.objectContaining({
        message: 'a subscription is opened at the gateway',
        extensions: expect.objectContaining({ code: 'BAD_USER_INPUT' }),
      }),
    ])
  })
})

describe('the end of a subgraph', () => {
  it('says which port is taken when it cannot listen', async () => {
    const { started, url: taken } = await start()
    const port = Number(new URL(taken).port)
    const second = await createSubgraph({
      name: 'second',
      host: '127.0.0.1',
      port,
      passportPublicKey: await exportJWK(keys.publicKey),
      typeDefs: 'type Query { a: String }',
      resolvers: {},
      context: () => ({}),
      ready: async () => {},
      close: async () => {},
      log: createLogger('second', 'silent'),
    })
    await expect(second.listen()).rejects.toThrow(`second: port ${port} on 127.0.0.1 is in use`)
    await second.drain()
    await started.drain()
  })

  it('finishes what is in flight, takes no more, and closes what it opened once', async () => {
    const { started, url: at } = await start()
    const closedBefore = calls.closed
    const before = calls.slow
    const inFlight = post({ query: '{ slow }' }, await seal(passport), at)
    await expect.poll(() => calls.slow).toBe(before + 1)
    const cut = vi.spyOn(Server.prototype, 'closeAllConnections')
    const drained = started.drain()
    await expect(fetch(`${at}/health`)).rejects.toThrow()
    expect(calls.closed).toBe(closedBefore)
    expect((await inFlight).body).toEqual({ data: { slow: 'finished' } })
    await Promise.all([drained, started.drain()])
    // The client would keep its connection: it is closed once idle, and not cut when the time is over.
    expect(cut).not.toHaveBeenCalled()
    expect(calls.closed).toBe(closedBefore + 1)
  })

  it('finishes what takes longer than a moment', async () => {
    const { started, url: at } = await start()
    const before = calls.slow
    const inFlight = post({ query: '{ slow(ms: 3000) }' }, await seal(passport), at)
    await expect.poll(() => calls.slow).toBe(before + 1)
    const drained = started.drain()
    expect((await inFlight).body).toEqual({ data: { slow: 'finished' } })
    await drained
  })

  it('does not wait for a connection that asks nothing', async () => {
    const { started, url: at } = await start()
    const { hostname, port } = new URL(at)
    const socket = connect(Number(port), hostname)
    await once(socket, 'connect')
    const cut = vi.spyOn(Server.prototype, 'closeAllConnections')
    await Promise.all([once(socket, 'close'), started.drain()])
    expect(cut).not.toHaveBeenCalled()
  })
})
