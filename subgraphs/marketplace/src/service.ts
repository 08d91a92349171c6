import { subgraphSdl } from '@fundmesh/contracts/graph'
import { readingOf } from '@fundmesh/platform/identity/passport'
import { warehouseOptions } from '@fundmesh/platform/service/config'
import { cursorCodec } from '@fundmesh/platform/service/cursor'
import type { Service } from '@fundmesh/platform/service/service'
import { createSubgraph } from '@fundmesh/platform/service/subgraph'
import type { Logger } from '@fundmesh/platform/telemetry/log'
import { redshiftWarehouse } from '@fundmesh/platform/warehouse/redshift'
import { parseConfig } from './config.ts'
import { createContext } from './context.ts'
import { resolvers } from './resolvers/index.ts'

/** The marketplace subgraph. The warehouse without a reader stays in here: a request gets the handle of its own. */
export async function createMarketplaceService(env: NodeJS.ProcessEnv, log: Logger): Promise<Service> {
  const config = parseConfig(env)
  const cursors = cursorCodec(config.CURSOR_SECRET)
  const warehouse = redshiftWarehouse({ ...warehouseOptions(config), log })
  return createSubgraph({
    name: 'marketplace',
    host: config.HOST,
    port: config.PORT,
    passportPublicKey: config.PASSPORT_PUBLIC_KEY,
    typeDefs: subgraphSdl('marketplace'),
    resolvers,
    context: (passport) => createContext(passport, warehouse.forReading(readingOf(passport, 'REFERENCE')), cursors),
    ready: () => warehouse.ping(),
    close: async () => warehouse.close(),
    log,
  })
}
