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
import { rightsOf as openRights } from './access/rights.ts'
import { withConsistency } from './access/with-consistency.ts'
import { openAudit } from './audit/audit.ts'
import { auditTrail } from './audit/trail.ts'
import { unrecorded } from './audit/unrecorded.ts'
import { withAudit } from './audit/with-audit.ts'
import { openBudgets } from './budget/open-budgets.ts'
import { parseConfig } from './config.ts'
import { currentGraph } from './current-graph.ts'
import { openGraph } from './graph.ts'
import { httpHandler } from './http/http.ts'
import { openDoor } from './identity/open-door.ts'
import { webSockets } from './socket/websocket.ts'
import { loadSupergraph } from './supergraph/supergraph.ts'
import { watchForChanges } from './supergraph/watch.ts'
import { everybody, readAudiences } from './view/audiences.ts'

/** The gateway's composition root: its rooms, and how they are joined to the two roads. */
export async function createGateway(env: NodeJS.ProcessEnv, log: Logger): Promise<Service> {
  const config = parseConfig(env)
  const load = () => loadSupergraph(config.SUPERGRAPH, config.subgraphUrls)
  const first = load()
  const every = config.audiencesFile === undefined ? [everybody] : readAudiences(config.audiencesFile)
  const audiences = config.INTROSPECTION === 'on' ? every : every.map((each) => ({ ...each, introspection: false }))
  const documents = config.documentsFolder === undefined ? undefined : readTrustedDocuments(config.documentsFolder)

  const enter = openDoor(config, log)
  // Without an event log nothing is granted to tenants, nothing streams and no audit is kept: rows are not our matter.
  const eventLog = config.hasEventLog
    ? openEventLog({ ...eventLogOptions(config), clientId: 'gateway', log })
    : undefined
  const grants = eventLog && openGrantsReplica({ eventLog, log })
  const sealPassport = config.PASSPORT_PRIVATE_KEY && (await passportSealer(config.PASSPORT_PRIVATE_KEY))
  const policies = policyEngine(readPolicies(config.policiesFolder))
  const rightsOf = openRights({ engine: policies, grants, log })
  const audit = eventLog
    ? openAudit({
        schemaOf: (view) => graph.schemaOf(view),
        resources: rowContract.entities,
        trail: auditTrail({ eventLog, folder: config.AUDIT_DIR, log }),
      })
    : unrecorded
  const budgets =
    config.budgetsFile === undefined
      ? undefined
      : openBudgets({
          file: config.budgetsFile,
          audienceOf: (caller) => graph.views.of(caller).name,
          audiences: audiences.map(({ name }) => name),
          redisUrl: config.REDIS_URL,
          prefix: config.REDIS_PREFIX,
          log,
        })
  const graph = currentGraph({
    first,
    load,
    open: (loaded) =>
      openGraph(loaded, {
        config,
        audiences,
        documents,
        sealPassport,
        eventLog,
        grants,
        policies,
        rightsOf,
        audit,
        budgets,
        log,
      }),
    log,
  })
  const unwatch =
    config.SUPERGRAPH_WATCH_SECONDS > 0
      ? watchForChanges(config.SUPERGRAPH, config.SUPERGRAPH_WATCH_SECONDS * 1_000, () => void graph.reload())
      : undefined

  const answer = withAudit(grants ? withConsistency(graph.answer, grants) : graph.answer, audit)

  const sockets = webSockets({ enter, answer, audit, log })
  return httpService({
    name: 'gateway',
    host: config.HOST,
    port: config.PORT,
    handler: httpHandler({
      enter,
      views: graph.views,
      answer,
      audit,
      ...(graph.explain && { explain: graph.explain }),
      corsOrigins: config.CORS_ORIGINS,
      csrfPrevention: config.CSRF_PREVENTION === 'on',
      log,
    }),
    attach: sockets.attach,
    ready: async () => {
      graph.assertReady()
      if (grants && !grants.ready()) throw new Error('the grants have not been read yet')
      if (!audit.room()) throw new Error('no more audit entries can be kept')
    },
    onDrain: async () => {
      unwatch?.()
      graph.drain()
      await sockets.close()
    },
    close: async () => {
      await graph.close()
      await grants?.close()
      await audit.close()
      await eventLog?.close()
      budgets?.close()
    },
    log,
  })
}
