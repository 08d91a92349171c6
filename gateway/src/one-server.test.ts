/**
 * The gateway against an oracle: the same resolvers, once split into subgraphs behind the query road and once as one
 * server of graphql-js. A client must not see a difference.
 */
import { fileURLToPath } from 'node:url'
import { subgraphSdl } from '@fundmesh/contracts/graph'
import { subgraphSchema } from '@fundmesh/platform/service/subgraph-schema'
import { createLogger } from '@fundmesh/platform/telemetry/log'
import { type ExecutionResult, execute, GraphQLError, parse } from 'graphql'
import { beforeAll, describe, expect, it } from 'vitest'
import { openAccess } from './access/testing.ts'
import { executor } from './fetch/executor.ts'
import type { SubgraphClient } from './fetch/subgraph-client.ts'
import { queryRoad } from './query.ts'
import { loadSupergraph } from './supergraph/supergraph.ts'
import { openViews } from './view/views.ts'

const log = createLogger('test', 'silent')
const supergraphFile = fileURLToPath(new URL('../../contracts/graph/supergraph.graphql', import.meta.url))
const caller = {
  tenant: 'alder',
  subject: 'a',
  client: 'test',
  scopes: new Set<string>(),
  expiresAt: new Date(Date.now() + 600_000),
}
const knownAt = '2024-01-16T18:00:00.000Z'

const fails = (code: string, message: string) => () => {
  throw new GraphQLError(message, { extensions: { code } })
}

const page = (nodes: readonly { id: string }[]) => ({
  nodes,
  edges: nodes.map((node) => ({ node, cursor: `cursor of ${node.id}` })),
  pageInfo: { hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null },
})

const fundOf = (id: string) => ({
  __typename: 'Fund',
  id,
  legalFundName: `Fund ${id}`,
  fundHouse: 'House',
  // A value that must not be null, and is.
  category: id === 'b' ? null : 'index',
  domicile: 'US',
  baseCurrency: 'USD',
  inceptionDate: '2003-06-02',
  shareClasses: ({ first }: { first: number }) => page(['a', 'b', 'c'].slice(0, first).map(shareClassOf)),
  primaryShareClass: () => (id === 'c' ? null : shareClassOf(id)),
})

const shareClassOf = (id: string): { id: string } & Record<string, unknown> => ({
  __typename: 'ShareClass',
  id,
  isin: null,
  name: `Class ${id}`,
  currency: 'USD',
  launchDate: '2003-06-02',
  fund: () => fundOf(id),
  nav: ({ asOf }: { asOf?: { validAt?: string } }) =>
    id === 'c'
      ? fails('BAD_USER_INPUT', 'asOf: expected a; got b')()
      : { navDate: asOf?.validAt ?? '2024-01-02', navPrice: '1.5', priceNature: 'OFFICIAL' },
  returns: ({ periods, currency }: { periods: string[]; currency?: string }) =>
    periods.map((period) => ({ period, currency: currency ?? 'USD', method: 'TWR_DAILY', complete: period !== 'Y10' })),
  calendarYearReturns: fails('INTERNAL_SERVER_ERROR', 'The service failed.'),
  risk: () => {
    if (id === 'b') return null
    return {
      observations: id === 'broken' ? fails('INTERNAL_SERVER_ERROR', 'no') : id.length,
      knownAt: null,
      conventions: [],
    }
  },
})

const roots = {
  fund: ({ id }: { id: string }) => (id === 'none' ? null : fundOf(id)),
  funds: ({ first }: { first: number }) => page(['a', 'b', 'c'].slice(0, first).map(fundOf)),
  shareClass: ({ id }: { id: string }) => (id === 'none' ? null : shareClassOf(id)),
  shareClasses: ({ ids }: { ids?: string[] }) =>
    page((ids ?? ['a', 'b']).map((id) => (id === 'error' ? fails('FORBIDDEN', 'no')() : shareClassOf(id)))),
  dataProduct: ({ slug }: { slug: string }) => ({
    id: slug,
    slug,
    title: 'T',
    cadence: 'DAILY',
    covers: [fundOf('a')],
  }),
}

const reference = (make: (id: string) => unknown) => ({ __resolveReference: ({ id }: { id: string }) => make(id) })

describe('the gateway answers as one server would', () => {
  let ask: (query: string, variables?: object, operationName?: string) => Promise<ExecutionResult>
  let oracle: (query: string, variables?: object, operationName?: string) => Promise<ExecutionResult>

  beforeAll(() => {
    const loaded = loadSupergraph(supergraphFile, new Map())
    const views = openViews(loaded, log)
    const entities = { ShareClass: reference(shareClassOf), Fund: reference(fundOf) }
    const clients = (['fund', 'performance', 'risk', 'marketplace'] as const).map((name) => {
      const sdl = subgraphSdl(name)
      const owned = Object.entries(entities).filter(([type]) =>
        new RegExp(`^type ${type} @key\\(fields: "id"\\)`, 'm').test(sdl),
      )
      const schema = subgraphSchema(sdl, Object.fromEntries(owned))
      const client: SubgraphClient = {
        async ask({ query, variables, operationName }) {
          const result = JSON.parse(
            JSON.stringify(
              await execute({
                schema,
                document: parse(query),
                variableValues: variables,
                operationName,
                rootValue: roots,
              }),
            ),
          )
          return {
            data: result.data ?? null,
            errors: (result.errors ?? []).map((error: GraphQLError) => ({ ...error, code: error.extensions?.code })),
          }
        },
      }
      return [name, client] as const
    })
    const road = queryRoad({
      ...openAccess(loaded, views),
      planner: views.planner,
      executor: executor({ loaded, views, clients: new Map(clients), sealPassport: async () => 'sealed' }),
    })
    const { schema, understand } = views.of(caller)
    const plain = <T>(value: T): T => JSON.parse(JSON.stringify(value))
    ask = async (query, variables, operationName) => {
      const operation = understand({ method: 'POST', query, variables, operationName, extensions: { knownAt } })
      return plain(
        await road(operation, {
          caller,
          channel: 'GRAPHQL',
          atLeastEpoch: 0,
          replyHeaders: new Map(),
          signal: new AbortController().signal,
        }),
      )
    }
    oracle = async (query, variables, operationName) =>
      plain(
        await execute({
          schema,
          document: parse(query),
          variableValues: variables as Record<string, unknown>,
          operationName,
          rootValue: roots,
        }),
      )
  })

  it.each<[string, string, object?, string?]>([
    ['aliases that look like ours', '{ _fm_a: fund(id: "a") { _fm__fm_x: id _fm_id: legalFundName id: category } }'],
    [
      'an alias for the type name at each level',
      '{ t: __typename fund(id: "a") { __typename k: __typename primaryShareClass { kind: __typename risk { o: __typename } } } }',
    ],
    ['a root that is the type name alone', '{ __typename }'],
    [
      'one field twice with other arguments',
      '{ a: fund(id: "a") { one: shareClasses(first: 1) { nodes { id } } two: shareClasses(first: 2) { nodes { id risk { observations } } } } b: fund(id: "c") { id } }',
    ],
    [
      'nested fragments',
      'query { fund(id: "a") { ...F } } fragment F on Fund { id ...G ... on Fund { fundHouse } ... { domicile } } fragment G on Fund { primaryShareClass { ...C } } fragment C on ShareClass { name risk { observations } returns(periods: [YTD]) { period } }',
    ],
    [
      'a fragment named as an inner name',
      'query { fund(id: "a") { ...__proto__ ...constructor } } fragment __proto__ on Fund { id } fragment constructor on Fund { domicile }',
    ],
    [
      'aliases named as inner names',
      '{ constructor: fund(id: "a") { __proto__: id toString: domicile hasOwnProperty: category } }',
    ],
    [
      'default values of variables',
      'query ($id: ID! = "a", $periods: [Period!]! = [MTD, Y1], $first: Int = 1) { fund(id: $id) { shareClasses(first: $first) { nodes { returns(periods: $periods) { period } } } } }',
    ],
    [
      'given values of variables',
      'query ($id: ID! = "a", $periods: [Period!]! = [MTD, Y1], $currency: Currency) { shareClass(id: $id) { returns(periods: $periods, currency: $currency) { period currency } } }',
      { id: 'b', periods: ['Y10'], currency: 'EUR' },
    ],
    [
      'one value where a list is wanted',
      'query ($periods: [Period!]!) { shareClass(id: "a") { returns(periods: $periods) { period complete } } }',
      { periods: 'YTD' },
    ],
    [
      'an input object with variables in it',
      'query ($day: Date) { shareClass(id: "a") { nav(asOf: { validAt: $day }) { navDate navPrice priceNature } } }',
      { day: '2020-02-29' },
    ],
    [
      '@include and @skip with variables',
      'query ($yes: Boolean!, $no: Boolean! = false) { fund(id: "a") { id @skip(if: $yes) domicile @include(if: $yes) category @include(if: $no) primaryShareClass @include(if: $yes) { risk @skip(if: $yes) { observations } returns(periods: [YTD]) @skip(if: $no) { period } ... @include(if: $no) { name } ...N @include(if: $yes) } } } fragment N on ShareClass { currency }',
      { yes: true },
    ],
    ['everything skipped', 'query ($no: Boolean!) { fund(id: "a") @include(if: $no) { id } }', { no: false }],
    ['everything skipped below', 'query ($no: Boolean!) { fund(id: "a") { id @include(if: $no) } }', { no: false }],
    ['the operation that is named', 'query A { fund(id: "a") { id } } query B { b: fund(id: "b") { id } }', {}, 'B'],
    [
      'introspection beside data',
      '{ __schema { q: queryType { name } } t: __type(name: "Period") { kind values: enumValues { name } } fund(id: "a") { id } }',
    ],
    [
      'introspection with a variable',
      'query ($name: String!) { __type(name: $name) { ...T } } fragment T on __Type { name f: fields { n: name type { name ofType { name } } } }',
      { name: 'PeriodReturn' },
    ],
    [
      'something that does not exist',
      '{ fund(id: "none") { id primaryShareClass { risk { observations } } } shareClass(id: "none") { returns(periods: [YTD]) { period } } }',
    ],
    [
      'a null in a join',
      '{ shareClasses { nodes { id risk { observations } fund { id primaryShareClass { id } } } } }',
    ],
    [
      'a null in the middle of a path',
      '{ funds { nodes { id primaryShareClass { returns(periods: [YTD]) { period } } } } }',
    ],
    [
      'a null where none may be, up to the next that may',
      '{ a: fund(id: "b") { id kind: category } b: fund(id: "a") { category } }',
    ],
    ['a null where none may be, below a list', '{ list: funds(first: 2) { nodes { category } } }'],
    [
      "a caller's mistake below a join",
      '{ fund(id: "c") { id shareClasses { nodes { id price: nav { navPrice } } } } }',
    ],
    ['a failure in a joined list', '{ classes: shareClasses { nodes { id years: calendarYearReturns { period } } } }'],
    [
      'a failure where no null may be, below a join',
      '{ shareClasses(ids: ["a", "broken"]) { nodes { name r: risk { o: observations } } } }',
    ],
    [
      'a null where none may be, below a join',
      '{ shareClasses(ids: ["a", "b"]) { nodes { name r: risk { k: knownAt observations } } } }',
    ],
    [
      'a failure at the root, where no null may be',
      '{ tenant: fund(id: "a") { id } shareClasses(ids: ["error"]) { nodes { id } } }',
    ],
    [
      'three subgraphs in a row',
      '{ dataProduct(slug: "x") { slug covers { id legalFundName primaryShareClass { name risk { observations } returns(periods: [MTD]) { period method } } } } }',
    ],
  ])('%s', async (_, query, variables, operationName) => {
    const [answered, expected] = [
      await ask(query, variables, operationName),
      await oracle(query, variables, operationName),
    ]
    expect(answered.data).toEqual(expected.data)
    const placesOf = ({ errors = [] }: ExecutionResult) => errors.map(({ path }) => path?.join('.')).sort()
    expect(placesOf(answered)).toEqual(placesOf(expected))
  })
})
