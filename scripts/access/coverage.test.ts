import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { supergraphFile } from '../compose.ts'
import { coverage, remedy } from './coverage.ts'

/** A piece of a supergraph, as composition writes it. */
const graph = (types: string) => `
  schema { query: Query mutation: Mutation subscription: Subscription }
  type Query @join__type(graph: FUND) @join__type(graph: RISK) {
    fund: Fund @join__field(graph: FUND)
    funds: [Fund!]! @join__field(graph: FUND)
  }
  type Fund @join__type(graph: FUND) @policy(policies: [["read-reference"]]) { id: ID! }
  ${types}`
const findingsIn = (types: string) => coverage(graph(types)).findings
const coordinatesIn = (types: string) => findingsIn(types).map((finding) => finding.split(/[ :]/)[0])

describe('the check that something decides about every field', () => {
  it('finds nothing in the committed graph', () => {
    expect(coverage(readFileSync(supergraphFile, 'utf8')).findings).toEqual([])
  })

  it('names a field that nothing decides about and its file, and says what to do', () => {
    expect(findingsIn('type Risk @join__type(graph: RISK) { value: Float }')).toEqual([
      'Risk.value (contracts/graph/risk.graphql): expected a right that opens it, or a public mark; found neither',
    ])
    expect(remedy(['read-reference', 'read-nav'])).toMatch(
      /@policy\(.*one of read-nav, read-reference; @requiresScopes/,
    )
  })

  it.each(['@policy(policies: [["read-nav"]])', '@requiresScopes(scopes: [["a"]])', '@public(reason: "r")'])(
    'takes %s on the field or its type',
    (mark) => {
      expect(findingsIn(`type Risk { value: Float ${mark} }`)).toEqual([])
      expect(findingsIn(`type Risk ${mark} { value: Float }`)).toEqual([])
    },
  )

  it('takes the protected type that a field returns, and no public one', () => {
    expect(coordinatesIn('type Risk { fund: [Fund!]! }')).toEqual([])
    expect(coordinatesIn('type Risk { page: Page } type Page @public(reason: "r") { next: Int }')).toEqual([
      'Risk.page',
    ])
    expect(coordinatesIn('type Risk { any: Any } union Any = Fund')).toEqual(['Risk.any'])
  })

  it.each([
    ['@authenticated, which every client is', '@authenticated'],
    ['no alternative at all, which asks nothing', '@policy(policies: [])'],
    ['an alternative that asks nothing', '@requiresScopes(scopes: [["a"], []])'],
    ['a public mark without a reason', '@public(reason: " ")'],
  ])('does not take %s', (_, mark) => {
    expect(coordinatesIn(`type Risk ${mark} { value: Float }`)).toEqual(['Risk.value'])
  })

  it('wants mutations and streams decided by themselves', () => {
    expect(coordinatesIn('type Mutation { close: Fund } type Subscription { funds: Fund }')).toEqual([
      'Mutation.close',
      'Subscription.funds',
    ])
    expect(coordinatesIn('type Mutation { close: Fund @requiresScopes(scopes: [["a"]]) }')).toEqual([])
  })

  it('refuses what is both public and protected', () => {
    expect(findingsIn('type Risk @public(reason: "r") @policy(policies: [["read-nav"]]) { value: Float }')).toEqual([
      'Risk: expected a right or a public mark; found both',
    ])
  })

  it('wants what only administrators and auditors may have kept from everybody else’s view', () => {
    const root = (mark: string, returned = 'Int') =>
      `type Mutation { change: ${returned} ${mark} }
       type Trail @requiresScopes(scopes: [["audit:read"], ["audit:read-all"]]) { entries: [Trail] }`
    const admin = '@requiresScopes(scopes: [["entitlement:admin"]])'
    expect(coordinatesIn(root(admin))).toEqual(['Mutation.change'])
    expect(coordinatesIn(root(`${admin} @tag(name: "audit")`))).toEqual(['Mutation.change'])
    expect(coordinatesIn(root(`${admin} @tag(name: "internal")`))).toEqual([])
    expect(coordinatesIn(root('@policy(policies: [["a"]])', 'Trail'))).toEqual(['Mutation.change'])
    expect(coordinatesIn(root('@policy(policies: [["a"]]) @tag(name: "audit")', 'Trail'))).toEqual([])
    expect(coordinatesIn(root('@requiresScopes(scopes: [["entitlement:admin"], ["partner"]])'))).toEqual([])
  })
})
