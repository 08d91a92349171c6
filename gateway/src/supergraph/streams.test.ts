import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { composeServices } from '@apollo/composition'
import { parse } from 'graphql'
import { afterAll, describe, expect, it } from 'vitest'
import { loadSupergraph } from './supergraph.ts'

const folder = mkdtempSync(join(tmpdir(), 'fundmesh-supergraph-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const link = `extend schema
  @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@composeDirective"])
  @link(url: "https://fundmesh.example/stream/v1.0", import: ["@eventStream"])
  @composeDirective(name: "@eventStream")
directive @eventStream(topic: String!, snapshot: String, keyArgument: String, snapshotType: String, updateType: String) on FIELD_DEFINITION
`

/** Composes the teams' SDLs and loads the result as the gateway does. */
function load(teams: Record<string, string>, overrides: Record<string, string> = {}) {
  const { supergraphSdl, errors } = composeServices(
    Object.entries(teams).map(([name, sdl]) => ({
      name,
      url: `http://${name}.example/graphql`,
      typeDefs: parse(link + sdl),
    })),
  )
  expect(errors).toBeUndefined()
  const file = join(folder, 'supergraph.graphql')
  writeFileSync(file, supergraphSdl!)
  return loadSupergraph(file, new Map(Object.entries(overrides)))
}

const query = 'type Query { ping: String }'

describe('a live field', () => {
  it('is added by a team with its SDL alone: the directive says what feeds it', () => {
    const { streams } = load({
      risk: `${query} type Subscription { riskAlerts(portfolioIds: [ID!]): RiskAlert! @eventStream(topic: "risk.alerts", keyArgument: "portfolioIds") }
             type RiskAlert { id: ID! }`,
      fund: `type Subscription { navUpdates: Nav! @eventStream(topic: "nav", snapshot: "nav.latest") } type Nav { price: String }`,
    })
    expect([...streams.values()]).toEqual(
      [
        {
          field: 'navUpdates',
          topic: 'nav',
          snapshotTopic: 'nav.latest',
          keyArgument: undefined,
          snapshotType: 'Nav',
          updateType: 'Nav',
        },
        {
          field: 'riskAlerts',
          topic: 'risk.alerts',
          snapshotTopic: undefined,
          keyArgument: 'portfolioIds',
          snapshotType: 'RiskAlert',
          updateType: 'RiskAlert',
        },
      ].sort((a, b) => [...streams.keys()].indexOf(a.field) - [...streams.keys()].indexOf(b.field)),
    )
  })

  it('without the directive is of the graph, and no stream', () => {
    expect(load({ risk: `${query} type Subscription { riskAlerts: String }` }).streams).toEqual(new Map())
  })
})

describe('a supergraph', () => {
  it('gives the routing URLs, which the environment may override by name', () => {
    const { subgraphUrls } = load(
      { risk: query, fund: 'type Query { pong: String }' },
      { risk: 'http://127.0.0.1:9/graphql' },
    )
    expect(Object.fromEntries(subgraphUrls)).toEqual({
      fund: 'http://fund.example/graphql',
      risk: 'http://127.0.0.1:9/graphql',
    })
  })

  it('refuses the URL of a subgraph that it does not have', () => {
    expect(() => load({ risk: query }, { rsik: 'http://127.0.0.1:9' })).toThrow(/SUBGRAPH_URL_RSIK names no subgraph/)
  })

  it('that cannot be read is named with the reason', () => {
    const file = join(folder, 'broken.graphql')
    writeFileSync(file, 'type Query {')
    expect(() => loadSupergraph(file, new Map())).toThrow(
      new RegExp(`supergraph ${file}: line 1, column 13: Syntax Error`),
    )
  })
})
