/** What a view does to answers: a subgraph knows no views, and gives what the caller may not know of. */
import { composeServices } from '@apollo/composition'
import { ROUTER_SUPPORTED_SUPERGRAPH_FEATURES, Supergraph } from '@apollo/federation-internals'
import { createLogger } from '@fundmesh/platform/telemetry/log'
import { parse } from 'graphql'
import { describe, expect, it } from 'vitest'
import { accessRules } from '../access/rules.ts'
import { openAccess } from '../access/testing.ts'
import { executor } from '../fetch/executor.ts'
import { SubgraphFailure } from '../fetch/subgraph-client.ts'
import { queryRoad } from '../query.ts'
import { everybody } from './audiences.ts'
import { openViews } from './views.ts'

const log = createLogger('test', 'silent')
const caller = {
  tenant: 'alder',
  subject: 'a',
  client: 'test',
  scopes: new Set<string>(),
  expiresAt: new Date(Date.now() + 600_000),
}
const link =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@tag", "@requires", "@external"])'
const sdls = {
  one: `${link}
    type Query { all: [U!]! one: U items: [I] thing: Thing }
    union U = A | B
    interface I { x: Int }
    type A implements I { x: Int y: Int }
    type B implements I @tag(name: "internal") { x: Int z: Int }
    type Thing @key(fields: "id") { id: ID! name: String secret: Int @tag(name: "internal") }`,
  two: `${link}
    type Thing @key(fields: "id") { id: ID! secret: Int @external derived: Int @requires(fields: "secret") }`,
}

const { supergraphSdl } = composeServices(
  Object.entries(sdls).map(([name, sdl]) => ({ name, url: `http://${name}.example`, typeDefs: parse(sdl) })),
)
const supergraph = Supergraph.build(supergraphSdl!, { supportedFeatures: ROUTER_SUPPORTED_SUPERGRAPH_FEATURES })
const views = openViews({ supergraph }, log, [
  { ...everybody, name: 'partner', exclude: ['internal'], has: ({ tenant }) => tenant === 'alder' },
  everybody,
])

type Answered = Record<string, unknown> | 'fails'

/** What a tenant reads when the subgraphs answer so. */
async function ask(tenant: string, query: string, answers: Record<string, (query: string) => Answered>) {
  const asking = { ...caller, tenant }
  const clients = new Map(
    Object.entries(answers).map(([name, answer]) => [
      name,
      {
        ask: async ({ query }: { query: string }) => {
          const data = answer(query)
          if (data === 'fails') throw new SubgraphFailure('SUBGRAPH_UNAVAILABLE', name, 'gone')
          return { data, errors: [] }
        },
      },
    ]),
  )
  const supergraphSchema = supergraph.schema.toGraphQLJSSchema()
  const road = queryRoad({
    ...openAccess({ rules: accessRules(supergraph.schema), supergraph, supergraphSchema }, views),
    planner: views.planner,
    executor: executor({
      loaded: { supergraphSchema },
      views,
      clients,
      sealPassport: async () => 'sealed',
    }),
  })
  const operation = views.of(asking).understand({ method: 'POST', query })
  const { data, errors } = await road(operation, {
    caller: asking,
    channel: 'GRAPHQL',
    atLeastEpoch: 0,
    replyHeaders: new Map(),
    signal: new AbortController().signal,
  })
  return JSON.parse(JSON.stringify({ data, errors }))
}

describe('an answer within a view', () => {
  const [a, b] = [
    { __typename: 'A', x: 1, y: 2 },
    { __typename: 'B', x: 3, z: 4 },
  ]

  it('has no object of a hidden type, and nothing where one was', async () => {
    const query = '{ all { __typename ... on A { y } } one { __typename } items { x } }'
    const answer = { one: () => ({ all: [a, b, a], one: b, items: [b, a, null] }) }
    expect(await ask('alder', query, answer)).toEqual({
      data: {
        all: [
          { __typename: 'A', y: 2 },
          { __typename: 'A', y: 2 },
        ],
        one: null,
        items: [{ x: 1 }, null],
      },
    })
    const { data } = await ask('house', query, answer)
    expect(data.all.map(({ __typename }: { __typename: string }) => __typename)).toEqual(['A', 'B', 'A'])
  })

  it('is computed from what is hidden, and names none of it when that fails', async () => {
    const query = '{ thing { name derived } }'
    const thing = { __typename: 'Thing', id: 't', name: 'T', secret: 7 }
    const seen: string[] = []
    const answers = {
      one: (query: string) => {
        seen.push(query)
        return { thing }
      },
      two: () => ({ _entities: [{ derived: 8 }] }),
    }
    expect(await ask('alder', query, answers)).toEqual({ data: { thing: { name: 'T', derived: 8 } } })
    expect(seen.join()).toContain('secret')
    const { data, errors } = await ask('alder', query, { ...answers, two: () => 'fails' })
    expect(data).toEqual({ thing: { name: 'T', derived: null } })
    expect(errors.map(({ path }: { path: string[] }) => path)).toEqual([['thing', 'derived']])
  })
})
