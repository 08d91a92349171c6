import type { TrustedDocument } from '@fundmesh/contracts/operations'
import { type Caller, isAnonymous } from '@fundmesh/platform/identity/caller'
import type { Logger } from '@fundmesh/platform/telemetry/log'
import { GraphQLError } from 'graphql'
import { codedError } from '../errors/catalogue.ts'
import { automaticDocuments } from '../operation/automatic-documents.ts'
import { assertFits, understanding } from '../operation/understand.ts'
import { withTrustedDocuments } from '../operation/with-trusted-documents.ts'
import { apolloPlanner } from '../plan/apollo-planner.ts'
import type { Planner } from '../plan/planner.ts'
import { withDecisions } from '../plan/with-decisions.ts'
import { withPlanCache } from '../plan/with-plan-cache.ts'
import type { LoadedSupergraph } from '../supergraph/supergraph.ts'
import { type Audience, everybody } from './audiences.ts'
import { hiddenElements } from './hidden.ts'
import type { View, ViewedGraph } from './view.ts'
import { viewedGraph } from './viewed-graph.ts'

/** Who sees which part of the graph. */
export interface Views {
  /** Throws FORBIDDEN, to nobody in particular UNAUTHENTICATED, where no audience has the caller. */
  of(caller: Caller): View
  /** The graph that an operation was understood against (`Operation.view`). */
  graph(fingerprint: string): ViewedGraph
  /** Each once. */
  readonly graphs: readonly ViewedGraph[]
  /** Plans each operation within its own view, in this thread: for tests and tools (plan/apollo-planner.ts). */
  readonly planner: Planner
}

/** Builds every audience's view. Throws an Error that names the audience whose view, or whose document, is not right. */
export function openViews(
  { supergraph }: Pick<LoadedSupergraph, 'supergraph'>,
  log: Logger,
  audiences: readonly Audience[] = [everybody],
  documents: readonly TrustedDocument[] = [],
  /** Whether clients may teach their view documents by asking them (operation/automatic-documents.ts). */
  automatic = false,
): Views {
  /** By what is hidden: audiences that see the same share everything but their rules. */
  const graphs = new Map<string, ViewedGraph>()
  const graphOf = (audience: Audience): ViewedGraph => {
    const hidden = hiddenElements(supergraph.schema, audience)
    const key = [...hidden].sort().join(' ')
    const graph = graphs.get(key) ?? viewedGraph(supergraph, hidden)
    graphs.set(key, graph)
    return graph
  }
  const understandings = new Map<string, View['understand']>()
  const understandingOf = (graph: ViewedGraph, introspection: boolean) => {
    const key = `${graph.fingerprint} ${introspection}`
    const understand = understandings.get(key) ?? understanding({ ...graph, introspection })
    understandings.set(key, understand)
    return understand
  }

  const viewOf = (audience: Audience): View => {
    const { name, introspection, documentsRequired: required } = audience
    try {
      const graph = graphOf(audience)
      const own = documentsOf(audience, documents)
      for (const document of own) checkFits(document, { ...graph, introspection })
      const understand = withTrustedDocuments(understandingOf(graph, introspection), {
        documents: new Map(own.map(({ id, text }) => [id, text])),
        required,
        ...(automatic && { automatic: automaticDocuments() }),
      })
      return { ...graph, name, introspection, understand }
    } catch (error) {
      throw new Error(`audience ${name}: ${(error as Error).message}`)
    }
  }

  const views = audiences.map((audience) => ({ audience, view: viewOf(audience) }))
  const byFingerprint = new Map([...graphs.values()].map((graph) => [graph.fingerprint, graph]))
  const graph = (fingerprint: string) => {
    const known = byFingerprint.get(fingerprint)
    if (!known) throw new Error(`no view has the fingerprint ${fingerprint}`)
    return known
  }
  return {
    of(caller) {
      const found = views.find(({ audience }) => audience.has(caller))
      if (!found) throw codedError(isAnonymous(caller) ? 'UNAUTHENTICATED' : 'FORBIDDEN')
      return found.view
    },
    graph,
    graphs: [...byFingerprint.values()],
    planner: withDecisions(withPlanCache(apolloPlanner((view) => graph(view).supergraph, log)), supergraph.schema),
  }
}

function documentsOf({ apps }: Audience, documents: readonly TrustedDocument[]): readonly TrustedDocument[] {
  for (const app of apps) {
    if (!documents.some((document) => document.app === app))
      throw new Error(`expected trusted documents of the app ${app}; there are none`)
  }
  return documents.filter(({ app }) => apps.includes(app))
}

/** A document that stopped fitting is better found before its app asks. */
function checkFits({ name, text }: TrustedDocument, graph: Parameters<typeof assertFits>[0]): void {
  try {
    assertFits(graph, text)
  } catch (error) {
    const mistakes = error instanceof AggregateError ? error.errors : [error]
    const reasons = mistakes.map((one) => (one instanceof GraphQLError ? one.message : String(one)))
    throw new Error(`the trusted document ${name} does not fit its view: ${reasons.join('; ')}`)
  }
}
