import { buildSchema } from 'graphql'
import { describe, expect, it } from 'vitest'
import { inNeededOrder } from './needed-order.ts'
import type { OrderedFetch } from './plan-order.ts'

const schema = buildSchema(`
  type Query { t: [I] }
  interface I { id: ID }
  type A implements I { id: ID x: Int y: Int z: Int }
  type B implements I { id: ID x: Int y: Int z: Int }
`)

/** What a fetch asks, what it takes of the types at `t` (left out: it is the first), and what it waits for. */
type Given = readonly [asks: string, takes?: Readonly<Record<string, string>>, after?: readonly number[]]

const ordered = (...given: readonly Given[]) =>
  inNeededOrder(
    schema,
    given.map(
      ([asks, takes, after = []]) =>
        ({
          node: {
            kind: 'Fetch',
            operation: takes ? `query($r: [_Any!]!) { _entities(representations: $r) { ${asks} } }` : `{ ${asks} }`,
            ...(takes && {
              requires: Object.entries(takes).map(([typeCondition, names]) => ({
                kind: 'InlineFragment',
                typeCondition,
                selections: names.split(' ').map((name) => ({ kind: 'Field', name })),
              })),
            }),
          },
          path: takes ? ['t', '@'] : [],
          conditions: [],
          after,
        }) as unknown as OrderedFetch,
    ),
  ).map(({ node, after, lacksInput }) => [/(\w+) }/.exec(node.operation)?.[1], after, lacksInput])

describe('the fetches of a plan', () => {
  it('wait for what brings their inputs, and come after it', () => {
    expect(
      ordered(
        ['t { __typename id }'],
        ['... on A { z }', { A: '__typename id y' }, [0]],
        ['... on A { y }', { A: 'id x' }, [0]],
        ['... on A { x }', { A: 'id' }, [0]],
      ),
    ).toEqual([
      ['id', [], false],
      ['x', [0], false],
      ['y', [0, 1], false],
      ['z', [0, 2], false],
    ])
  })

  it('wait for nothing more where an input is there already, for each type that takes it', () => {
    const [, , z] = ordered(
      ['t { id ... on A { x } }'],
      ['... on B { x }', { B: 'id' }, [0]],
      ['... on A { z }', { A: 'id x' }, [0]],
    )
    expect(z).toEqual(['z', [0], false])
    const [, , both] = ordered(
      ['t { id ... on A { x } }'],
      ['... on B { x }', { B: 'id' }, [0]],
      ['... on I { z }', { A: 'id x', B: 'id x' }, [0]],
    )
    expect(both).toEqual(['z', [0, 1], false])
  })

  it('never wait for each other; which of them lacks an input is known', () => {
    expect(
      ordered(['t { id }'], ['... on A { x }', { A: 'id y' }, [0]], ['... on A { y }', { A: 'id x' }, [0]]),
    ).toEqual([
      ['id', [], false],
      ['y', [0], true],
      ['x', [0, 1], false],
    ])
  })

  it('lack an input that is brought for another type only, or at another place', () => {
    const [, z] = ordered(['t { id ... on B { x } } u { x }'], ['... on A { z }', { A: 'id x' }, [0]])
    expect(z).toEqual(['z', [0], true])
  })
})
