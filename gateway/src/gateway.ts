import { readTrustedDocuments } from '@fundmesh/contracts/operations'
import { rowContract } from '@fundmesh/contracts/rows'
import { openEventLog } from '@fundmesh/platform/events/open'
import { eventAccess } from '@fundmesh/platform/grants/event-access'
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
import { withAudit } from './audit/with-audit.ts'
import { withKeys } from './audit/with-keys.ts'
import { openBuckets } from './budget/buckets.ts'
import { budgetOf } from './budget/budget.ts'
import { readBudgets } from './budget/budgets-file.ts'
import { costOf } from './budget/cost.ts'
import { costModel } from './budget/cost-model.ts'
import { streamBudget } from './budget/stream-budget.ts'
import { parseConfig } from './config.ts'
import { eventResolver } from './events/resolve.ts'
import { eventSource } from './events/source.ts'
import { explainer } from './explain/explain.ts'
import { executor as openExecutor } from './fetch/executor.ts'
import { keyPush } from './fetch/pushed-keys.ts'
import { subgraphClient, subgraphConnections } from './fetch/subgraph-client.ts'
import { type Answer, httpHandler } from './http/http.ts'
import { keySet } from './identity/key-set.ts'
import { tokenVerifier } from './identity/token.ts'
import { queryRoad } from './query.ts'
import { webSockets } from './socket/websocket.ts'
import { type SubscriptionRoad, subscriptionRoad } from './subscription.ts'
import { loadSupergraph } from './supergraph/supergraph.ts'
import { readAudiences } from './view/audiences.ts'
import { openViews } from './view/views.ts'

/** The gateway's composition root: its rooms, and how they are joined to the two roads. */
export async function createGateway(env: NodeJS.ProcessEnv, log: Logger): Promise<Service> {
  const config = parseConfig(env)
  const loaded = loadSupergraph(config.SUPERGRAPH, config.subgraphUrls)
  const { streams } = loaded
  const views = openViews(
    loaded,
    log,
    config.audiencesFile === undefined ? undefined : readAudiences(config.audiencesFile),
    config.documentsFolder === undefined ? undefined : readTrustedDocuments(config.documentsFolder),
  )

  const verifyToken = tokenVerifier({
    keys: keySet({
      url: config.JWKS_URL,
      refreshMs: config.JWKS_REFRESH_SECONDS * 1000,
      maxStaleMs: config.JWKS_MAX_STALE_SECONDS * 1000,
      log,
    }),
    issuer: config.JWT_ISSUER,
    audience: config.JWT_AUDIENCE,
  })
  const connections = subgraphConnections(config.FETCH_TIMEOUT_MS)
  const clients = new Map(
    [...loaded.subgraphUrls].map(([name, url]) => [
      name,
      subgraphClient({ name, url, timeoutMs: config.FETCH_TIMEOUT_MS, connections, log }),
    ]),
  )
  const eventLog = openEventLog({
    ...eventLogOptions(config),
    clientId: 'gateway',
    log,
  })
  const grants = openGrantsReplica({ eventLog, log })
  const executor = openExecutor({
    loaded,
    views,
    clients,
    sealPassport: await passportSealer(config.PASSPORT_PRIVATE_KEY),
    pushKeys: keyPush(rowContract, grants),
  })
  const policies = policyEngine(readPolicies(config.ACCESS_POLICIES))
  for (const [policy, coordinates] of unansweredPolicies(loaded.supergraph, policies.names))
    log.error({ policy, coordinates }, 'no Cedar policy answers for what the graph names: it is denied to everyone')
  const rightsOf = openRights({ engine: policies, grants, log })
  const told = { schemaOf: (view: string) => views.graph(view).schema, resources: rowContract.entities }
  const permit = withKeys(
    permitter({
      rules: loaded.rules,
      schemaOf: ({ view }) => views.graph(view).schema,
      mode: config.AUTHORIZATION_MODE,
      log,
    }),
    told,
  )
  const audit = openAudit({ ...told, trail: auditTrail({ eventLog, folder: config.AUDIT_DIR, log }) })
  const budgets = readBudgets(config.BUDGETS, (caller) => views.of(caller).name)
  const buckets = openBuckets({ redisUrl: config.REDIS_URL, prefix: config.REDIS_PREFIX, log })
  const model = costModel(loaded.supergraph, loaded.supergraphSchema)
  const charge = budgetOf({ model, budgets, buckets, log })
  let subscriptions: SubscriptionRoad
  const source = eventSource({
    eventLog,
    streams: streams.values(),
    decidable: () => grants.whenReady(),
    onEvent: (event) => subscriptions.deliver(event),
    onGap: (topic, key) => subscriptions.gap(topic, key),
    log,
  })
  subscriptions = subscriptionRoad({
    rightsOf,
    permit,
    views,
    streams,
    source,
    grants,
    mayRead: eventAccess(grants, 'STREAM'),
    budget: streamBudget(budgets),
    resolve: eventResolver({ permit, planner: views.planner, executor }),
    audit,
    log,
  })

  const queries = queryRoad({ rightsOf, permit, charge, planner: views.planner, executor, audit })
  const decided: Answer = async (request, asking) => {
    const operation = views.of(asking.caller).understand(request)
    if (operation.definition.operation !== 'subscription') return queries(operation, asking)
    const charged = await charge(operation, asking)
    try {
      return subscriptions.open(operation, { ...asking, channel: 'STREAM' })
    } catch (error) {
      charged.refund()
      throw error
    }
  }
  const answer = withAudit(withConsistency(decided, grants), audit)

  const explain = explainer({
    views,
    rules: loaded.rules,
    rightsOf,
    permit,
    costOf: (operation) => costOf(model, operation).estimate,
    planner: views.planner,
    engine: policies,
    grants,
  })
  const sockets = webSockets({ verifyToken, answer, audit, log })
  return httpService({
    name: 'gateway',
    host: config.HOST,
    port: config.PORT,
    handler: httpHandler({
      verifyToken,
      views,
      answer,
      audit,
      explain,
      corsOrigins: config.CORS_ORIGINS,
      csrfPrevention: config.CSRF_PREVENTION === 'on',
      log,
    }),
    attach: sockets.attach,
    ready: async () => {
      if (!grants.ready()) throw new Error('the grants have not been read yet')
      if (!source.ready) throw new Error('the streams have not been read yet')
      if (!audit.room()) throw new Error('no more audit entries can be kept')
    },
    onDrain: async () => {
      subscriptions.drain()
      await sockets.close()
    },
    close: async () => {
      await source.close()
      await grants.close()
      await audit.close()
      await eventLog.close()
      buckets.close()
      await connections.close()
    },
    log,
  })
}
