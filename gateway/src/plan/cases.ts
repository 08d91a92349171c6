/** Graphs and operations for the tests of this room. */
import { anonymous } from '@fundmesh/platform/identity/caller'
import { createLogger } from '@fundmesh/platform/telemetry/log'
import { composed, loaded } from '../access/cases/graph.ts'
import type { PermittedOperation } from '../access/permit.ts'
import { openAccess } from '../access/testing.ts'
import type { Audience } from '../view/audiences.ts'
import { openViews } from '../view/views.ts'

export const log = createLogger('test', 'silent')

/** A supergraph of these subgraphs, its views, and what is permitted of an operation to whoever may read everything. */
export function plannedGraph(subgraphs: Readonly<Record<string, string>>, audiences?: readonly Audience[]) {
  const graph = loaded(composed(subgraphs))
  const views = openViews(graph, log, audiences)
  const { permit, rightsOf } = openAccess(graph, views)
  const operation = (query: string, caller = anonymous): PermittedOperation =>
    permit(
      { caller, channel: 'GRAPHQL', atLeastEpoch: 0 },
      views.of(caller).understand({ method: 'POST', query }),
      rightsOf(caller, 'GRAPHQL'),
    )
  return { graph, views, operation }
}

/** Three subgraphs that all know three types behind one interface: each step of a query has many ways to be asked. */
export const manyWays = Object.fromEntries(
  ['a', 'b', 'c'].map((subgraph) => [
    subgraph,
    `
      type Query { top: Named @shareable }
      interface Named { id: ID! next: Named }
      ${['One', 'Two', 'Three']
        .map(
          (type) =>
            `type ${type} implements Named @key(fields: "id") { id: ID! next: Named @shareable ${subgraph}: Int }`,
        )
        .join('\n')}
    `,
  ]),
)

/** Takes minutes to plan in `manyWays`, though it is short. */
export const tooHard = '{ top { next { next { next { next { next { id } } } } } } }'
