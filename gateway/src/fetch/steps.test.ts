import { describe, expect, it } from 'vitest'
import type { OrderedFetch } from './plan-order.ts'
import { together } from './steps.ts'

type Given = readonly [subgraph: string, after?: readonly number[], more?: object]
const requests = (...given: readonly Given[]) =>
  together(
    given.map(
      ([serviceName, after = [], more = {}]) =>
        ({
          node: {
            kind: 'Fetch',
            serviceName,
            operationKind: 'query',
            ...(after.length > 0 && { requires: [] }),
            ...more,
          },
          path: [],
          conditions: [],
          after,
        }) as unknown as OrderedFetch,
    ),
  )

describe('the fetches of a plan', () => {
  it('go together where one step asks one subgraph', () => {
    expect(requests(['a'], ['b', [0]], ['b', [0]], ['c', [0]])).toEqual([[0], [1, 2], [3]])
  })

  it('of two branches go together too, step by step', () => {
    expect(requests(['a'], ['b'], ['c', [0]], ['c', [1]], ['d', [2]], ['d', [3]])).toEqual([[0], [1], [2, 3], [4, 5]])
  })

  it('go with a later step where nothing waits for them', () => {
    // stock of a product at once, its shipping by the price that another subgraph has.
    expect(requests(['reviews'], ['stock', [0]], ['products', [0]], ['stock', [2]])).toEqual([[0], [1, 3], [2]])
  })

  it('stay apart where one waits for the other', () => {
    expect(requests(['a'], ['b', [0]], ['b', [1]])).toEqual([[0], [1], [2]])
  })

  it('stay as the plan has them where something is changed, or arguments come from surroundings', () => {
    expect(requests(['a', [], { operationKind: 'mutation' }], ['b', [0]], ['b', [0]])).toEqual([[0], [1], [2]])
    expect(requests(['a'], ['b', [0]], ['b', [0], { contextRewrites: [{}] }])).toEqual([[0], [1], [2]])
  })

  it('for root fields stay apart', () => {
    expect(requests(['a'], ['a'])).toEqual([[0], [1]])
  })
})
