/**
 * What callers with different rights are given of small graphs, and what is sent for them: nothing that they may not
 * read leaves the gateway towards a subgraph, and nothing of it arrives in an answer.
 */
import { beforeAll, describe, expect, it } from 'vitest'
import { alternatives } from './cases/alternatives.ts'
import type { CaseGraph } from './cases/case.ts'
import { contexts } from './cases/contexts.ts'
import { filters } from './cases/filters.ts'
import { fragments } from './cases/fragments.ts'
import { graphOf } from './cases/graph.ts'
import { hidden } from './cases/hidden.ts'
import { interfaceObjects } from './cases/interface-objects.ts'
import { interfaces } from './cases/interfaces.ts'
import { keys } from './cases/keys.ts'
import { mutations } from './cases/mutations.ts'
import { overrides } from './cases/overrides.ts'
import { requires } from './cases/requires.ts'
import { introspection, roots } from './cases/roots.ts'
import { shop } from './cases/shop.ts'
import { unions } from './cases/unions.ts'

const graphs: readonly CaseGraph[] = [
  shop,
  keys,
  interfaces,
  unions,
  interfaceObjects,
  requires,
  contexts,
  overrides,
  mutations,
  filters,
  alternatives,
  fragments,
  roots,
  introspection,
  hidden,
]

describe.each(graphs)('$name', ({ subgraphs, cases }) => {
  let ask: ReturnType<typeof graphOf>
  beforeAll(() => {
    ask = graphOf(subgraphs)
  })

  it.each(cases)('$it', async ({ query, who, variables, mode, data, denied = [], unsent, fetches }) => {
    const { sent, leaks, ...answer } = await ask(query, who, {
      ...(variables && { variables }),
      ...(mode && { mode }),
    })
    expect({ data: answer.data, errors: [...answer.errors].sort() }).toEqual({
      data,
      errors: denied.map((path) => `UNAUTHORIZED_FIELD_OR_TYPE ${path}`).sort(),
    })
    expect(leaks).toEqual([])
    if (unsent) expect(JSON.stringify(sent)).not.toMatch(unsent)
    if (fetches !== undefined) expect(sent).toHaveLength(fetches)
  })
})
