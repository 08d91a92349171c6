import { anonymous } from '@fundmesh/platform/identity/caller'
import { createLogger } from '@fundmesh/platform/telemetry/log'
import { describe, expect, it } from 'vitest'
import { composed, loaded } from '../access/cases/graph.ts'
import { openAccess } from '../access/testing.ts'
import { openViews } from '../view/views.ts'
import type { Decided } from './planner.ts'
import { withDecisions } from './with-decisions.ts'

const supergraph = loaded(
  composed({
    a: 'type Query { t: T } type T @key(fields: "id") { id: ID! weight: Int t: T }',
    b: 'type T @key(fields: "id") { id: ID! weight: Int @external shipping: Int @requires(fields: "weight") stock: Int }',
  }),
)
const views = openViews(supergraph, createLogger('test', 'silent'))
const { permit, rightsOf } = openAccess(supergraph, views)

async function decidedFor(query: string, variables: object): Promise<Decided | undefined> {
  const operation = views.of(anonymous).understand({ method: 'POST', query, variables })
  const asking = { caller: anonymous, channel: 'GRAPHQL', atLeastEpoch: 0 } as const
  let given: Decided | undefined
  const planner = withDecisions(
    {
      async plan(_operation, _overrides, decided) {
        given = decided
        return { kind: 'QueryPlan' }
      },
    },
    supergraph.supergraph.schema,
  )
  await planner.plan(permit(asking, operation, rightsOf(anonymous, 'GRAPHQL')))
  return given
}

describe('before planning', () => {
  it.each<[string, string, Decided]>([
    ['on a computed field', '{ t { shipping @include(if: $a) } }', [['a', true]]],
    [
      'around it',
      '{ t @include(if: $a) { t { ... @skip(if: $b) { shipping } } } }',
      [
        ['b', false],
        ['a', true],
      ],
    ],
    [
      'where the fragment with it is spread, each time',
      '{ t { ...F @include(if: $a) t { ...F @skip(if: $b) } } } fragment F on T { shipping }',
      [
        ['a', true],
        ['b', false],
      ],
    ],
    ['elsewhere, they are left open', '{ t { shipping stock @include(if: $a) t @skip(if: $b) { weight } } }', []],
  ])('conditions are decided %s', async (_, selection, decided) => {
    const used = ['a', 'b'].filter((name) => selection.includes(`$${name}`))
    const query = `query (${used.map((name) => `$${name}: Boolean!`).join(' ')}) ${selection}`
    expect(await decidedFor(query, { a: true, b: false })).toEqual(decided)
  })
})
