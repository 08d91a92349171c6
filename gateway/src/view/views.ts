import type { Caller } from '@fundmesh/platform/identity/caller'
import type { Logger } from '@fundmesh/platform/telemetry/log'
import { understanding } from '../operation/understand.ts'
import type { Planner } from '../plan/planner.ts'
import type { LoadedSupergraph } from '../supergraph/supergraph.ts'
import type { View, ViewedGraph } from './view.ts'
import { viewedGraph } from './viewed-graph.ts'

/** Who sees which part of the graph. */
export interface Views {
  of(caller: Caller): View
  /** The graph that an operation was understood against (`Operation.view`). */
  graph(fingerprint: string): ViewedGraph
  /** Plans each operation within its own view. */
  readonly planner: Planner
}

export function openViews({ supergraph }: Pick<LoadedSupergraph, 'supergraph'>, log: Logger): Views {
  const whole = viewedGraph(supergraph, log)
  const view: View = { ...whole, name: 'everybody', understand: understanding(whole) }
  const graph = (fingerprint: string) => {
    if (fingerprint !== whole.fingerprint) throw new Error(`no view has the fingerprint ${fingerprint}`)
    return whole
  }
  return {
    of: () => view,
    graph,
    planner: { plan: (operation) => graph(operation.view).planner.plan(operation) },
  }
}
