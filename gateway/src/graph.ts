/**
 * All that is made of one supergraph: the roads on which its operations are answered, and what they stand on. A new
 * supergraph is a new graph beside the old one, which ends what it has begun (current-graph.ts).
 */

import type { TrustedDocument } from '@fundmesh/contracts/operations'
import { rowContract } from '@fundmesh/contracts/rows'
import type { EventLog } from '@fundmesh/platform/events/log'
import type { GrantsReplica } from '@fundmesh/platform/grants/replica'
import type { SealPassport } from '@fundmesh/platform/identity/passport'
import type { PolicyEngine } from '@fundmesh/platform/policies/engine'
import type { Logger } from '@fundmesh/platform/telemetry/log'
import { permitter } from './access/permit.ts'
import { unansweredPolicies } from './access/policy-names.ts'
import type { RightsOf } from './access/rights.ts'
import type { Audit } from './audit/audit.ts'
import { withKeys } from './audit/with-keys.ts'
import type { OpenBudgets } from './budget/open-budgets.ts'
import { unlimited } from './budget/unlimited.ts'
import type { Config } from './config.ts'
import { noStreams } from './events/no-streams.ts'
import { openStreams } from './events/open-streams.ts'
import { type Explain, explainer } from './explain/explain.ts'
import { isTraced, tracedRoad } from './explain/traced-road.ts'
import { executor as openExecutor } from './fetch/executor.ts'
import { keyPush } from './fetch/pushed-keys.ts'
import { openSubgraphs } from './fetch/transport/open-subgraphs.ts'
import type { Answer } from './http/http.ts'
import { withCacheControl } from './http/with-cache-control.ts'
import type { Asking, GraphQLRequest } from './operation/request.ts'
import { withDecisions } from './plan/with-decisions.ts'
import { overrideLabels, withOverrides } from './plan/with-overrides.ts'
import { withPlanCache } from './plan/with-plan-cache.ts'
import { withPlanCheck } from './plan/with-plan-check.ts'
import { workerPlanner } from './plan/worker-planner.ts'
import { queryRoad } from './query.ts'
import { completion } from './shape/complete.ts'
import { isOwn } from './share/private.ts'
import { withBranches } from './share/with-branches.ts'
import { cacheHintsOf } from './supergraph/cache-hints.ts'
import type { LoadedSupergraph } from './supergraph/supergraph.ts'
import type { Audience } from './view/audiences.ts'
import { openViews, type Views } from './view/views.ts'
import { type Work, withCoalescing } from './with-coalescing.ts'
import { withDeadline } from './with-deadline.ts'

/** What stands whatever the supergraph is. */
export interface Ground {
  readonly config: Config
  readonly audiences: readonly Audience[]
  readonly documents: readonly TrustedDocument[] | undefined
  readonly sealPassport: SealPassport | undefined
  /** Without an event log nothing is granted to tenants, nothing streams and no audit is kept: rows are not our matter. */
  readonly eventLog: EventLog | undefined
  readonly grants: GrantsReplica | undefined
  readonly policies: PolicyEngine
  readonly rightsOf: RightsOf
  readonly audit: Audit
  readonly budgets: OpenBudgets | undefined
  readonly log: Logger
}

export interface Graph {
  readonly loaded: LoadedSupergraph
  readonly views: Views
  readonly answer: Answer
  /** Left out: nothing is granted here that could be explained. */
  readonly explain: Explain | undefined
  /** Throws what is not there yet. */
  assertReady(): void
  /** Makes the plan of what somebody asked of another graph, if it fits this one. */
  plan(request: GraphQLRequest, asking: Pick<Asking, 'caller' | 'channel' | 'atLeastEpoch'>): Promise<void>
  /** Ends the streams, each with a reason; a stream that is opened again is another graph's. */
  drain(): void
  close(): Promise<void>
}

/** Makes the graph of a supergraph. Throws an Error that says why it cannot be served. */
export function openGraph(loaded: LoadedSupergraph, ground: Ground): Graph {
  const { config, audiences, documents, sealPassport, eventLog, grants, policies, rightsOf, audit, budgets, log } =
    ground
  const views = openViews(loaded, log, audiences, documents, config.APQ === 'on')
  const schemaOf = ({ view }: { readonly view: string }) => views.graph(view).schema
  for (const [policy, coordinates] of unansweredPolicies(loaded.supergraph, policies.names))
    log.error({ policy, coordinates }, 'no Cedar policy answers for what the graph names: it is denied to everyone')

  const subgraphs = openSubgraphs({
    urls: loaded.subgraphUrls,
    timeoutMs: config.FETCH_TIMEOUT_MS,
    pipelining: config.PIPELINING,
    coalescing: config.COALESCING === 'on',
    log,
  })
  const planning = workerPlanner({
    supergraph: loaded.text,
    views: views.graphs,
    limitMs: config.PLANNING_TIMEOUT_MS,
    log,
  })
  const planner = withOverrides(withDecisions(withPlanCache(planning), loaded.supergraph.schema), {
    labels: overrideLabels(loaded.supergraph.schema),
    on: config.OVERRIDE_LABELS,
  })
  const executorOf = (clients: typeof subgraphs.clients) =>
    openExecutor({
      loaded,
      views,
      clients,
      ...(sealPassport && { sealPassport }),
      ...(grants && { pushKeys: keyPush(rowContract, grants) }),
    })
  const permitted = permitter({ rules: loaded.rules, schemaOf, mode: config.AUTHORIZATION_MODE, log })
  const permit = eventLog
    ? withKeys(permitted, { schemaOf: (view) => schemaOf({ view }), resources: rowContract.entities })
    : permitted
  const budget = budgets?.of(loaded)
  const charge = budget?.charge ?? unlimited
  const rooms = {
    rightsOf,
    permit,
    charge,
    planner: withPlanCheck(planner, { ...loaded, log }),
    executor: executorOf(subgraphs.clients),
    complete: completion(views),
    audit,
  }
  const live =
    eventLog &&
    grants &&
    budgets &&
    openStreams({ ...rooms, views, streams: loaded.streams, budget: budgets.streams, eventLog, grants, log })
  const subscriptions = live?.road ?? noStreams(rooms)

  const cacheHints = cacheHintsOf(loaded.supergraph.schema)
  const forgets: (() => void)[] = []
  const once = {
    onForget: (forget: () => void) => void forgets.push(forget),
    told: config.PASSPORT_PRIVATE_KEY !== undefined,
    isOwn: isOwn(cacheHints, schemaOf),
    longestMs: config.REQUEST_TIMEOUT_MS,
  }
  const coalescing = (work: Work) =>
    withCoalescing(withBranches(work, { ...once, coalesced: withCoalescing(work, once) }), once)
  const road = queryRoad({ ...rooms, ...(config.COALESCING === 'on' && { coalescing }) })
  const queries = withDeadline(withCacheControl(road, cacheHints, schemaOf), config.REQUEST_TIMEOUT_MS)
  const tracedAlone = withDeadline(tracedRoad(rooms, subgraphs.clients, executorOf), config.REQUEST_TIMEOUT_MS)
  // Beside those that share their work: what it changed, they have to be told.
  const traced: typeof tracedAlone = (operation, asking) =>
    tracedAlone(operation, asking).finally(() => {
      if (operation.definition.operation === 'mutation') for (const forget of forgets) forget()
    })

  return {
    loaded,
    views,
    answer: async (request, asking) => {
      const operation = views.of(asking.caller).understand(request)
      if (operation.definition.operation !== 'subscription') {
        const isTracing = isTraced(request, asking.caller, config.PLANS_FOR_ANYBODY === 'on')
        return (isTracing ? traced : queries)(operation, asking)
      }
      const charged = await charge(operation, asking)
      try {
        return subscriptions.open(operation, { ...asking, channel: 'STREAM' })
      } catch (error) {
        charged.refund()
        throw error
      }
    },
    explain:
      grants &&
      budget &&
      explainer({
        views,
        rules: loaded.rules,
        rightsOf,
        permit,
        costOf: budget.costOf,
        planner,
        engine: policies,
        grants,
      }),
    assertReady() {
      if (!planning.ready) throw new Error('no operation can be planned yet')
      if (live && !live.source.ready) throw new Error('the streams have not been read yet')
    },
    async plan(request, asking) {
      const operation = views.of(asking.caller).understand(request)
      await rooms.planner.plan(permit(asking, operation, rightsOf(asking.caller, asking.channel)))
    },
    drain: () => subscriptions.drain(),
    async close() {
      await planning.close()
      await live?.source.close()
      await subgraphs.close()
    },
  }
}
