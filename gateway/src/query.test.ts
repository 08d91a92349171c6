import { generateKeyPairSync } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { passportSealer } from '@fundmesh/platform/identity/passport'
import { createLogger } from '@fundmesh/platform/telemetry/log'
import type { GraphQLError } from 'graphql'
import { beforeAll, describe, expect, it } from 'vitest'
import { openAccess } from './access/testing.ts'
import { failedAnswer } from './errors/answer.ts'
import { codedError, type ErrorCode } from './errors/catalogue.ts'
import { type Executor, executor as openExecutor } from './fetch/executor.ts'
import { type SubgraphAnswer, SubgraphFailure, type SubgraphRequest } from './fetch/subgraph-client.ts'
import { queryRoad } from './query.ts'
import { type LoadedSupergraph, loadSupergraph } from './supergraph/supergraph.ts'
import { openViews, type Views } from './view/views.ts'
import { withCoalescing } from './with-coalescing.ts'

const log = createLogger('test', 'silent')
const supergraphFile = fileURLToPath(new URL('../../contracts/graph/supergraph.graphql', import.meta.url))
const caller = {
  tenant: 'alder',
  subject: 'alder-app',
  client: 'test',
  scopes: new Set<string>(),
  expiresAt: new Date(Date.now() + 60_000),
}

type Subgraph = (request: SubgraphRequest) => Partial<SubgraphAnswer>

describe('the query road', () => {
  let loaded: LoadedSupergraph
  let views: Views
  let executorOf: (subgraphs: Record<string, Subgraph>) => Executor

  beforeAll(async () => {
    loaded = loadSupergraph(supergraphFile, new Map())
    views = openViews(loaded, log)
    const { privateKey } = generateKeyPairSync('ed25519')
    const sealPassport = await passportSealer(privateKey.export({ format: 'jwk' }))
    executorOf = (subgraphs) =>
      openExecutor({
        loaded,
        views,
        sealPassport,
        clients: new Map(
          Object.entries(subgraphs).map(([name, answer]) => [
            name,
            { ask: async (request) => ({ data: null, errors: [], ...answer(request) }) },
          ]),
        ),
      })
  })

  const ask = async (
    query: string,
    subgraphs: Record<string, Subgraph>,
    request: { variables?: object; extensions?: object; method?: string } = {},
  ) => {
    const road = queryRoad({
      ...openAccess(loaded, views),
      planner: views.planner,
      executor: executorOf(subgraphs),
    })
    try {
      const operation = views.of(caller).understand({ method: 'POST', query, ...request })
      const result = await road(operation, {
        caller,
        channel: 'GRAPHQL',
        atLeastEpoch: 0,
        replyHeaders: new Map(),
        signal: new AbortController().signal,
      })
      return JSON.parse(JSON.stringify(result))
    } catch (error) {
      const { errors } = failedAnswer(error, log)
      return { errors: errors.map(({ message, extensions }: GraphQLError) => ({ message, code: extensions.code })) }
    }
  }

  const entityOf =
    (field: string, value: (id: string) => unknown): Subgraph =>
    ({ variables }) => ({
      data: { _entities: (variables.representations as { id: string }[]).map(({ id }) => ({ [field]: value(id) })) },
    })

  it('joins the answers of two subgraphs under the names that the client chose', async () => {
    const { data, errors } = await ask('{ one: shareClass(id: "tsp:c-fund") { title: name risk { observations } } }', {
      fund: ({ query }) => {
        expect(query).toContain('shareClass')
        return { data: { _fm_one: { __typename: 'ShareClass', id: 'tsp:c-fund', _fm_title: 'C Fund' } } }
      },
      risk: entityOf('risk', () => ({ observations: 12 })),
    })
    expect(errors).toBeUndefined()
    expect(data).toEqual({ one: { title: 'C Fund', risk: { observations: 12 } } })
  })

  it('joins by the real key where a client names another field as the key', async () => {
    const { data } = await ask(
      '{ shareClass(id: "tsp:c-fund") { id: name __proto__: currency risk { observations } } }',
      {
        fund: () => ({
          data: { shareClass: { __typename: 'ShareClass', id: 'tsp:c-fund', _fm_id: 'C Fund', _fm___proto__: 'USD' } },
        }),
        risk: entityOf('risk', (id) => ({ observations: id === 'tsp:c-fund' ? 7 : -1 })),
      },
    )
    expect(data.shareClass.id).toBe('C Fund')
    expect(data.shareClass.risk).toEqual({ observations: 7 })
    expect(Object.getOwnPropertyDescriptor(data.shareClass, '__proto__')?.value).toBe('USD')
  })

  it('gives what it has, and an error at each place that a dead subgraph leaves empty', async () => {
    const { data, errors } = await ask(
      '{ shareClass(id: "tsp:c-fund") { name mine: returns(periods: [YTD]) { endDate } } }',
      {
        fund: () => ({ data: { shareClass: { __typename: 'ShareClass', id: 'tsp:c-fund', name: 'C Fund' } } }),
        performance: () => {
          throw new SubgraphFailure('SUBGRAPH_UNAVAILABLE', 'performance', 'connect ECONNREFUSED 10.0.0.7:4002')
        },
      },
    )
    expect(data).toEqual({ shareClass: { name: 'C Fund', mine: null } })
    expect(errors).toEqual([
      {
        message: 'A part of the graph cannot be reached now.',
        path: ['shareClass', 'mine'],
        extensions: { code: 'SUBGRAPH_UNAVAILABLE' },
      },
    ])
  })

  it('says nothing of what a subgraph reveals in an error', async () => {
    const { errors } = await ask('{ fund(id: "x") { id } }', {
      fund: () => ({
        data: { fund: null },
        errors: [{ message: 'relation "gold.fund" does not exist', code: 'ECONNREFUSED', path: ['fund'] }],
      }),
    })
    expect(errors).toEqual([
      { message: 'The service failed.', path: ['fund'], extensions: { code: 'INTERNAL_SERVER_ERROR' } },
    ])
  })

  it("passes on a subgraph's word about the caller's own mistake", async () => {
    const { errors } = await ask('{ funds(first: 0) { nodes { id } } }', {
      fund: () => ({
        errors: [{ message: 'first: expected 1 to 1000; got 0', code: 'BAD_USER_INPUT', path: ['funds'] }],
      }),
    })
    expect(errors).toEqual([
      { message: 'first: expected 1 to 1000; got 0', path: ['funds'], extensions: { code: 'BAD_USER_INPUT' } },
    ])
  })

  it('reports a required value that a subgraph left out, rather than a silent null', async () => {
    const { data, errors } = await ask('{ fund(id: "x") { legalFundName } }', {
      fund: () => ({ data: { fund: { legalFundName: null } } }),
    })
    expect(data).toEqual({ fund: null })
    expect(errors[0].extensions).toEqual({ code: 'SUBGRAPH_INVALID_RESPONSE' })
  })

  it('seals a passport for each fetch, and asks no more once the token has expired', async () => {
    let sealed = 0
    const passports: (string | undefined)[] = []
    let expiresAt = caller.expiresAt
    const soon = {
      ...caller,
      get expiresAt() {
        return expiresAt
      },
    }
    const clients = new Map(
      Object.entries<(request: SubgraphRequest) => Promise<Partial<SubgraphAnswer>>>({
        marketplace: async () => ({ data: { dataProduct: { covers: [{ __typename: 'Fund', id: 'a' }] } } }),
        fund: async () => {
          expiresAt = new Date(Date.now() - 1)
          return { data: { _entities: [{ primaryShareClass: { __typename: 'ShareClass', id: 'a' } }] } }
        },
        risk: async () => ({ data: { _entities: [{ risk: { observations: 1 } }] } }),
      }).map(([name, answer]) => [
        name,
        {
          ask: async (request: SubgraphRequest) => {
            passports.push(request.passport)
            return { data: null, errors: [], ...(await answer(request)) }
          },
        },
      ]),
    )
    const road = queryRoad({
      ...openAccess(loaded, views),
      planner: views.planner,
      executor: openExecutor({ loaded, views, clients, sealPassport: async () => `${++sealed}` }),
    })
    const operation = views.of(caller).understand({
      method: 'POST',
      query: '{ dataProduct(slug: "x") { covers { primaryShareClass { risk { observations } } } } }',
    })
    const { data, errors } = await road(operation, {
      caller: soon,
      channel: 'GRAPHQL',
      atLeastEpoch: 0,
      replyHeaders: new Map(),
      signal: new AbortController().signal,
    })
    expect(passports).toEqual(['1', '2'])
    expect(JSON.parse(JSON.stringify(data))).toEqual({
      dataProduct: { covers: [{ primaryShareClass: { risk: null } }] },
    })
    expect(errors?.map(({ path, extensions }) => [path?.join('.'), extensions.code])).toEqual([
      ['dataProduct.covers.0.primaryShareClass.risk', 'UNAUTHENTICATED'],
    ])
  })

  it('answers what two ask at once from one fetch, and charges and audits each', async () => {
    let fetched = 0
    const access = openAccess(loaded, views)
    const told: string[] = []
    const charged: string[] = []
    const road = queryRoad({
      ...access,
      charge: async (operation, asking) => {
        charged.push(asking.caller.tenant)
        return access.charge(operation, asking)
      },
      audit: { answered: async ({ knownAt }) => void told.push(knownAt) },
      coalescing: (work) => withCoalescing(work, { told: true, longestMs: 15_000 }),
      planner: views.planner,
      executor: executorOf({
        fund: () => {
          fetched += 1
          return { data: { fund: { id: 'x' } } }
        },
      }),
    })
    const operation = views.of(caller).understand({ method: 'POST', query: '{ fund(id: "x") { id } }' })
    const later = { ...operation, knownAt: new Date(Date.parse(operation.knownAt) + 1).toISOString() }
    const lasting = { ...caller, expiresAt: new Date(Date.now() + 600_000) }
    const asking = {
      caller: lasting,
      channel: 'GRAPHQL',
      atLeastEpoch: 0,
      signal: new AbortController().signal,
    } as const
    const asked = [operation, later].map((one) => road(one, { ...asking, replyHeaders: new Map() }))
    const [first, second] = await Promise.all(asked)
    expect(fetched).toBe(1)
    expect(JSON.parse(String(second!.body)).data).toEqual({ fund: { id: 'x' } })
    expect(second?.extensions?.knownAt).toBe(operation.knownAt)
    expect(second?.extensions?.cost).not.toBe(first?.extensions?.cost)
    expect(charged).toEqual(['alder', 'alder'])
    expect(told).toEqual([operation.knownAt, operation.knownAt])
  })

  it('gives back what nothing was done for, and keeps what was too hard to plan', async () => {
    let given = 0
    const failing = (code: ErrorCode) =>
      queryRoad({
        ...openAccess(loaded, views),
        charge: async () => ({
          settle: () => undefined,
          refund() {
            given += 1
          },
        }),
        planner: {
          async plan() {
            throw codedError(code)
          },
        },
        executor: executorOf({}),
      })
    const operation = views.of(caller).understand({ method: 'POST', query: '{ fund(id: "x") { id } }' })
    const ask = (code: ErrorCode) =>
      failing(code)(operation, {
        caller,
        channel: 'GRAPHQL',
        atLeastEpoch: 0,
        replyHeaders: new Map(),
        signal: new AbortController().signal,
      })
    await expect(ask('SERVICE_UNAVAILABLE')).rejects.toThrow()
    expect(given).toBe(1)
    await expect(ask('OPERATION_PLANNING_TIMEOUT')).rejects.toThrow()
    expect(given).toBe(1)
  })

  it('answers with the knownAt that the client fixed, and asks every subgraph for the same', async () => {
    const knownAt = '2024-01-16T18:00:00.000Z'
    const result = await ask(
      '{ fund(id: "x") { id } }',
      { fund: () => ({ data: { fund: null } }) },
      { extensions: { knownAt } },
    )
    const cost = { requested: 1, actual: 1, remaining: expect.any(Number) }
    expect(result).toEqual({ data: { fund: null }, extensions: { knownAt, cost } })
  })

  const refused = (what: string, query: string, request: object, code: string, message: RegExp) =>
    it(`refuses ${what} with ${code}`, async () => {
      const { errors } = await ask(query, {}, request)
      expect(errors[0].code).toBe(code)
      expect(errors[0].message).toMatch(message)
    })
  refused('a document that is not GraphQL', '{ fund(', {}, 'GRAPHQL_PARSE_FAILED', /Syntax Error/)
  refused('an unknown field', '{ fnud }', {}, 'GRAPHQL_VALIDATION_FAILED', /fnud/)
  refused(
    'a literal that no scalar takes',
    '{ shareClassByIsin(isin: "US0378331006") { id } }',
    {},
    'GRAPHQL_VALIDATION_FAILED',
    /ISIN expects/,
  )
  refused(
    'a variable that no scalar takes',
    'query ($isin: ISIN!) { shareClassByIsin(isin: $isin) { id } }',
    { variables: { isin: 'x' } },
    'BAD_USER_INPUT',
    /ISIN expects/,
  )
  refused(
    'a mutation by GET',
    'mutation { revoke(grantId: "g", reason: "r") { epoch } }',
    { method: 'GET' },
    'METHOD_NOT_ALLOWED',
    /POST/,
  )
  refused(
    'a knownAt in the future',
    '{ me { id } }',
    { extensions: { knownAt: '2999-01-01T00:00:00Z' } },
    'BAD_USER_INPUT',
    /not in the future/,
  )
  refused('variables that are a list', '{ me { id } }', { variables: [] }, 'BAD_REQUEST', /variables/)
})
