import { readTrustedDocuments } from '@fundmesh/contracts/operations'
import { rowContract } from '@fundmesh/contracts/rows'
import { openEventLog } from '@fundmesh/platform/events/open'
import { openGrantsReplica } from '@fundmesh/platform/grants/replica'
import { passportSealer } from '@fundmesh/platform/identity/passport'
import { policyEngine } from '@fundmesh/platform/policies/engine'
import { readPolicies } from '@fundmesh/platform/policies/files'
import { eventLogOptions } from '@fundmesh/platform/service/config'
import { httpService } from '@fundmesh/platform/service/http-service'
import type { Service } from '@fundmesh/platform/service/service'
import type { Logger } from '@fundmesh/platform/telemetry/log'
import { permitter } from './access/permit.ts'
import { unansweredPolicies } from './access/policy-names.ts'
import { rightsOf as openRights } from './access/rights.ts'
import { withConsistency } from './access/with-consistency.ts'
import { openAudit } from './audit/audit.ts'
import { auditTrail } from './audit/trail.ts'
import { unrecorded } from './audit/unrecorded.ts'
import { withAudit } from './audit/with-audit.ts'
import { withKeys } from './audit/with-keys.ts'
import { openBudgets } from './budget/open-budgets.ts'
import { unlimited } from './budget/unlimited.ts'
import { parseConfig } from './config.ts'
import { noStreams } from './events/no-streams.ts'
import { openStreams } from './events/open-streams.ts'
import { explainer } from './explain/explain.ts'
import { isTraced, tracedRoad } from './explain/traced-road.ts'
import { executor as openExecutor } from './fetch/executor.ts'
import { keyPush } from './fetch/pushed-keys.ts'
import { openSubgraphs } from './fetch/transport/open-subgraphs.ts'
import { type Answer, httpHandler } from './http/http.ts'
import { withCacheControl } from './http/with-cache-control.ts'
import { openDoor } from './identity/open-door.ts'
import { overrideLabels, withOverrides } from './plan/with-overrides.ts'
import { withPlanCache } from './plan/with-plan-cache.ts'
import { withPlanCheck } from './plan/with-plan-check.ts'
import { workerPlanner } from './plan/worker-planner.ts'
import { queryRoad } from './query.ts'
import { completion } from './shape/complete.ts'
import { withBranches } from './share/with-branches.ts'
import { webSockets } from './socket/websocket.ts'
import { cacheHintsOf } from './supergraph/cache-hints.ts'
import { loadSupergraph } from './supergraph/supergraph.ts'
import { everybody, readAudiences } from './view/audiences.ts'
import { openViews } from './view/views.ts'
import { type Work, withCoalescing } from './with-coalescing.ts'
import { withDeadline } from './with-deadline.ts'

/** The gateway's composition root: its rooms, and how they are joined to the two roads. */
export async function createGateway(env: NodeJS.ProcessEnv, log: Logger): Promise<Service> {
  const config = parseConfig(env)
  const loaded = loadSupergraph(config.SUPERGRAPH, config.subgraphUrls)
  const audiences = config.audiencesFile === undefined ? [everybody] : readAudiences(config.audiencesFile)
  const views = openViews(
    loaded,
    log,
    config.INTROSPECTION === 'on' ? audiences : audiences.map((each) => ({ ...each, introspection: false })),
    config.documentsFolder === undefined ? undefined : readTrustedDocuments(config.documentsFolder),
    config.APQ === 'on',
  )
  const planning = workerPlanner({
    supergraph: loaded.text,
    views: views.graphs,
    limitMs: config.PLANNING_TIMEOUT_MS,
    log,
  })
  const planner = withOverrides(withPlanCache(planning), {
    labels: overrideLabels(loaded.supergraph.schema),
    on: config.OVERRIDE_LABELS,
  })

  const enter = openDoor(config, log)
  const subgraphs = openSubgraphs({
    urls: loaded.subgraphUrls,
    timeoutMs: config.FETCH_TIMEOUT_MS,
    pipelining: config.PIPELINING,
    coalescing: config.COALESCING === 'on',
    log,
  })
  // Without an event log nothing is granted to tenants, nothing streams and no audit is kept: rows are not our matter.
  const eventLog = config.hasEventLog
    ? openEventLog({ ...eventLogOptions(config), clientId: 'gateway', log })
    : undefined
  const grants = eventLog && openGrantsReplica({ eventLog, log })
  const sealPassport = config.PASSPORT_PRIVATE_KEY && (await passportSealer(config.PASSPORT_PRIVATE_KEY))
  const executorOf = (clients: typeof subgraphs.clients) =>
    openExecutor({
      loaded,
      views,
      clients,
      ...(sealPassport && { sealPassport }),
      ...(grants && { pushKeys: keyPush(rowContract, grants) }),
    })
  const executor = executorOf(subgraphs.clients)
  const policies = policyEngine(readPolicies(config.policiesFolder))
  for (const [policy, coordinates] of unansweredPolicies(loaded.supergraph, policies.names))
    log.error({ policy, coordinates }, 'no Cedar policy answers for what the graph names: it is denied to everyone')
  const rightsOf = openRights({ engine: policies, grants, log })
  const told = { schemaOf: (view: string) => views.graph(view).schema, resources: rowContract.entities }
  const permitted = permitter({
    rules: loaded.rules,
    schemaOf: ({ view }) => views.graph(view).schema,
    mode: config.AUTHORIZATION_MODE,
    log,
  })
  const permit = eventLog ? withKeys(permitted, told) : permitted
  const audit = eventLog
    ? openAudit({ ...told, trail: auditTrail({ eventLog, folder: config.AUDIT_DIR, log }) })
    : unrecorded
  const budget =
    config.budgetsFile === undefined
      ? undefined
      : openBudgets({
          file: config.budgetsFile,
          audienceOf: (caller) => views.of(caller).name,
          audiences: views.names,
          redisUrl: config.REDIS_URL,
          prefix: config.REDIS_PREFIX,
          loaded,
          log,
        })
  const charge = budget?.charge ?? unlimited
  const rooms = {
    rightsOf,
    permit,
    charge,
    planner: withPlanCheck(planner, { ...loaded, log }),
    executor,
    complete: completion(views),
    audit,
  }
  const live =
    eventLog &&
    grants &&
    budget &&
    openStreams({ ...rooms, views, streams: loaded.streams, budget: budget.streams, eventLog, grants, log })
  const subscriptions = live?.road ?? noStreams(rooms)

  const schemaOf = ({ view }: { readonly view: string }) => views.graph(view).schema
  const once = { told: config.PASSPORT_PRIVATE_KEY !== undefined, longestMs: config.REQUEST_TIMEOUT_MS }
  const coalescing = (work: Work) =>
    withCoalescing(withBranches(work, { ...once, coalesced: withCoalescing(work, once) }), once)
  const road = queryRoad({ ...rooms, ...(config.COALESCING === 'on' && { coalescing }) })
  const queries = withDeadline(
    withCacheControl(road, cacheHintsOf(loaded.supergraph.schema), schemaOf),
    config.REQUEST_TIMEOUT_MS,
  )
  const traced = withDeadline(tracedRoad(rooms, subgraphs.clients, executorOf), config.REQUEST_TIMEOUT_MS)
  const decided: Answer = async (request, asking) => {
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
  }
  const answer = withAudit(grants ? withConsistency(decided, grants) : decided, audit)

  const explain =
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
    })
  const sockets = webSockets({ enter, answer, audit, log })
  return httpService({
    name: 'gateway',
    host: config.HOST,
    port: config.PORT,
    handler: httpHandler({
      enter,
      views,
      answer,
      audit,
      ...(explain && { explain }),
      corsOrigins: config.CORS_ORIGINS,
      csrfPrevention: config.CSRF_PREVENTION === 'on',
      log,
    }),
    attach: sockets.attach,
    ready: async () => {
      if (!planning.ready) throw new Error('no operation can be planned yet')
      if (grants && !grants.ready()) throw new Error('the grants have not been read yet')
      if (live && !live.source.ready) throw new Error('the streams have not been read yet')
      if (!audit.room()) throw new Error('no more audit entries can be kept')
    },
    onDrain: async () => {
      subscriptions.drain()
      await sockets.close()
    },
    close: async () => {
      await planning.close()
      await live?.source.close()
      await grants?.close()
      await audit.close()
      await eventLog?.close()
      budget?.close()
      await subgraphs.close()
    },
    log,
  })
}
