import { subgraphSdl } from '@fundmesh/contracts/graph'
import { openEventLog } from '@fundmesh/platform/events/open'
import { openGrantsReplica } from '@fundmesh/platform/grants/replica'
import { eventLogOptions, warehouseOptions } from '@fundmesh/platform/service/config'
import { readersOf } from '@fundmesh/platform/service/reader'
import type { Service } from '@fundmesh/platform/service/service'
import { createSubgraph } from '@fundmesh/platform/service/subgraph'
import type { Logger } from '@fundmesh/platform/telemetry/log'
import { redshiftWarehouse } from '@fundmesh/platform/warehouse/redshift'
import { parseConfig } from './config.ts'
import { createContext } from './context.ts'
import { resolvers } from './resolvers/index.ts'

/** The risk subgraph. The warehouse without a tenant stays in here: a request gets the handle of its own. */
export async function createRiskService(env: NodeJS.ProcessEnv, log: Logger): Promise<Service> {
  const config = parseConfig(env)
  const warehouse = redshiftWarehouse({ ...warehouseOptions(config), log })
  const eventLog = openEventLog({ ...eventLogOptions(config), clientId: 'risk', log })
  const grants = openGrantsReplica({ eventLog, log })
  return createSubgraph({
    name: 'risk',
    host: config.HOST,
    port: config.PORT,
    passportPublicKey: config.PASSPORT_PUBLIC_KEY,
    typeDefs: subgraphSdl('risk'),
    resolvers,
    grants,
    context: (passport) => createContext(passport, readersOf(passport, grants, warehouse)),
    ready: () => warehouse.ping(),
    close: async () => {
      await grants.close()
      await eventLog.close()
      warehouse.close()
    },
    log,
  })
}
