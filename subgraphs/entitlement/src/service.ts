import { accessPolicies } from '@fundmesh/contracts/access'
import { subgraphSdl } from '@fundmesh/contracts/graph'
import { openTopicReaders } from '@fundmesh/platform/events/kafka/topic-readers'
import { openEventLog } from '@fundmesh/platform/events/open'
import { decidable } from '@fundmesh/platform/grants/decidable'
import type { Reading } from '@fundmesh/platform/grants/reading'
import { openGrantsReplica } from '@fundmesh/platform/grants/replica'
import { policyEngine } from '@fundmesh/platform/policies/engine'
import { readPolicies } from '@fundmesh/platform/policies/files'
import { canonicalDateTime } from '@fundmesh/platform/scalars/date-time'
import { eventLogOptions, warehouseOptions } from '@fundmesh/platform/service/config'
import { cursorCodec } from '@fundmesh/platform/service/cursor'
import { readersOf } from '@fundmesh/platform/service/reader'
import type { Service } from '@fundmesh/platform/service/service'
import { createSubgraph } from '@fundmesh/platform/service/subgraph'
import type { Logger } from '@fundmesh/platform/telemetry/log'
import { redshiftWarehouse } from '@fundmesh/platform/warehouse/redshift'
import { redshiftExecutor } from '@fundmesh/platform/warehouse/redshift-executor'
import { administrationFor } from './administration.ts'
import { auditReader } from './audit/audit-reader.ts'
import { startCheckpoints } from './audit/checkpoints.ts'
import { startAuditWriter } from './audit/writer.ts'
import { parseConfig } from './config.ts'
import type { Context } from './context.ts'
import { openDelivery } from './delivery/delivery.ts'
import { eventLogTarget } from './delivery/event-log-target.ts'
import { kafkaAccessTarget } from './delivery/kafka-access-target.ts'
import { warehouseTarget } from './delivery/warehouse-target.ts'
import { createLoaders } from './loaders.ts'
import { resolvers } from './resolvers/index.ts'
import { sightingsFor } from './sightings.ts'
import { openLedger } from './store/ledger.ts'
import { openWatch } from './store/watch.ts'

/** Opens no row that a policy guards. */
const nobodys: Reading = { tenant: '', channel: 'GRAPHQL', fieldSet: 'REFERENCE' }

/** The entitlement subgraph. Handles without a tenant stay in here: a request gets those of its own. */
export async function createEntitlementService(
  env: NodeJS.ProcessEnv,
  log: Logger,
  /** How long a change waits for its confirmations, in milliseconds; the SDL promises 5,000. */
  confirmationMs = 5_000,
): Promise<Service> {
  const config = parseConfig(env)
  const readerOptions = { ...warehouseOptions(config), log }
  const grantsOptions = { ...readerOptions, secretArn: config.WAREHOUSE_GRANTS_SECRET_ARN, deadlineMs: 10_000 }
  const eventLog = openEventLog({ ...eventLogOptions(config), clientId: 'entitlement', log })
  const grants = openGrantsReplica({ eventLog, log })
  const warehouse = redshiftWarehouse(readerOptions)
  const rowGrants = redshiftExecutor(grantsOptions)
  const rowGrantEpochs = redshiftWarehouse(grantsOptions)
  const ledgers = openLedger(config.DATABASE_URL, log)
  const ledger = ledgers.forService()
  const watch = openWatch(config.DATABASE_URL, log)
  const topicReaders = (brokers: readonly string[]) =>
    openTopicReaders({ brokers, topicPrefix: config.EVENT_TOPIC_PREFIX, clientId: 'entitlement access', log })
  const delivery = openDelivery({
    ledger,
    watch,
    // Epochs have no row policy, so that any handle of this login reads them all.
    targets: [
      warehouseTarget(rowGrants, rowGrantEpochs.forReading(nobodys)),
      eventLogTarget(eventLog, log),
      ...(config.KAFKA_BROKERS
        ? [kafkaAccessTarget({ eventLog, readers: topicReaders(config.KAFKA_BROKERS), grants, ledger, log })]
        : []),
    ],
    log,
    confirmationMs,
  })
  const cursors = cursorCodec(config.CURSOR_SECRET)
  const engine = policyEngine(readPolicies(accessPolicies))
  const auditWriter = startAuditWriter({ eventLog, ledger, log })
  const auditCheckpoints = startCheckpoints({ eventLog, ledger, watch, log })

  return createSubgraph<Context>({
    name: 'entitlement',
    host: config.HOST,
    port: config.PORT,
    passportPublicKey: config.PASSPORT_PUBLIC_KEY,
    typeDefs: subgraphSdl('entitlement'),
    resolvers,
    // Not the kit's `grants`: the ledger is read and changed also while the log is down, a revocation above all. What
    // needs a decision, the loaders of funds and share classes, waits for one itself.
    context: (passport) => {
      const { caller, atLeastEpoch } = passport
      const own = ledgers.forCaller(caller)
      return {
        caller,
        knownAt: canonicalDateTime(passport.knownAt),
        ledger: own,
        loaders: createLoaders(own, readersOf(passport, grants, warehouse)('REFERENCE'), () =>
          decidable(grants, { tenant: caller.tenant, epoch: atLeastEpoch }),
        ),
        administration: () => administrationFor(caller, own, delivery),
        sightings: () => sightingsFor(caller, own, grants),
        trail: auditReader({ caller, ledger: own, cursors, grants, engine }),
      }
    },
    ready: async () => {
      await ledgers.ping()
      if (!watch.hears()) throw new Error('does not hear the ledger')
      await delivery.caughtUp()
    },
    close: async () => {
      await delivery.close()
      await auditWriter.close()
      await auditCheckpoints.close()
      await watch.close()
      await ledgers.close()
      await grants.close()
      await eventLog.close()
      for (const client of [warehouse, rowGrants, rowGrantEpochs]) client.close()
    },
    log,
  })
}
