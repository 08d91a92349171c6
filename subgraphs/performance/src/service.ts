import { subgraphSdl } from '@fundmesh/contracts/graph'
import { openCache } from '@fundmesh/platform/cache/open'
import { readingOf } from '@fundmesh/platform/identity/passport'
import { warehouseOptions } from '@fundmesh/platform/service/config'
import type { Service } from '@fundmesh/platform/service/service'
import { createSubgraph } from '@fundmesh/platform/service/subgraph'
import type { Logger } from '@fundmesh/platform/telemetry/log'
import { redshiftWarehouse } from '@fundmesh/platform/warehouse/redshift'
import { parseConfig } from './config.ts'
import { createContext } from './context.ts'
import { resolvers } from './resolvers/index.ts'
import { fxSeries } from './store/fx-rates.ts'
import { withCache } from './store/with-cache.ts'

/** The performance subgraph. The warehouse without a reader stays in here: a request gets the handle of its own. */
export async function createPerformanceService(env: NodeJS.ProcessEnv, log: Logger): Promise<Service> {
  const config = parseConfig(env)
  const warehouse = redshiftWarehouse({ ...warehouseOptions(config), log })
  const cache = openCache({
    redisUrl: config.REDIS_URL,
    namespace: `performance:${config.WAREHOUSE_WORKGROUP}:${config.WAREHOUSE_DATABASE}`,
    log,
  })
  const askForFxSeries = withCache(fxSeries, cache)
  return createSubgraph({
    name: 'performance',
    host: config.HOST,
    port: config.PORT,
    passportPublicKey: config.PASSPORT_PUBLIC_KEY,
    typeDefs: subgraphSdl('performance'),
    resolvers,
    context: (passport) =>
      createContext(passport, warehouse.forReading(readingOf(passport, 'PERFORMANCE')), askForFxSeries),
    ready: () => warehouse.ping(),
    close: async () => {
      warehouse.close()
      await cache.close()
    },
    log,
  })
}
