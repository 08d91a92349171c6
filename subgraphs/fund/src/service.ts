import { subgraphSdl } from '@fundmesh/contracts/graph'
import { openEventLog } from '@fundmesh/platform/events/open'
import type { Reading } from '@fundmesh/platform/grants/reading'
import { openGrantsReplica } from '@fundmesh/platform/grants/replica'
import { eventLogOptions, warehouseOptions } from '@fundmesh/platform/service/config'
import { cursorCodec } from '@fundmesh/platform/service/cursor'
import { readersOf } from '@fundmesh/platform/service/reader'
import type { Service } from '@fundmesh/platform/service/service'
import { createSubgraph } from '@fundmesh/platform/service/subgraph'
import type { Logger } from '@fundmesh/platform/telemetry/log'
import { redshiftWarehouse } from '@fundmesh/platform/warehouse/redshift'
import { parseConfig } from './config.ts'
import { createContext } from './context.ts'
import { resolvers } from './resolvers/index.ts'
import { publishStructure } from './structure/publisher.ts'

/** Opens no row that a tenant's policy guards. */
const nobodys: Reading = { tenant: '', channel: 'GRAPHQL', fieldSet: 'REFERENCE' }

/** The fund subgraph. The warehouse without a tenant stays in here: a request gets the handle of its own. */
export async function createFundService(env: NodeJS.ProcessEnv, log: Logger): Promise<Service> {
  const config = parseConfig(env)
  const cursors = cursorCodec(config.CURSOR_SECRET)
  const warehouse = redshiftWarehouse({ ...warehouseOptions(config), log })
  const eventLog = openEventLog({ ...eventLogOptions(config), clientId: 'fund', log })
  const grants = openGrantsReplica({ eventLog, log })
  const everyShareClass = redshiftWarehouse({
    ...warehouseOptions(config),
    secretArn: config.WAREHOUSE_STRUCTURE_SECRET_ARN,
    log,
  })
  // The login has a row policy of its own: a handle of no tenant reads all it may read at all.
  const structure = publishStructure({ warehouse: everyShareClass.forReading(nobodys), eventLog, log })
  return createSubgraph({
    name: 'fund',
    host: config.HOST,
    port: config.PORT,
    passportPublicKey: config.PASSPORT_PUBLIC_KEY,
    typeDefs: subgraphSdl('fund'),
    resolvers,
    grants,
    context: (passport) => createContext(passport, readersOf(passport, grants, warehouse), cursors),
    ready: async () => {
      await structure.published()
      await warehouse.ping()
    },
    close: async () => {
      await structure.close()
      await grants.close()
      await eventLog.close()
      warehouse.close()
      everyShareClass.close()
    },
    log,
  })
}
