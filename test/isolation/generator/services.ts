/** The services as they are, over warehouse batches without the Data API: the test that calls this mocks the batch runner. */
import { createGateway } from '../../../gateway/src/gateway.ts'
import { createEntitlementService } from '../../../subgraphs/entitlement/src/service.ts'
import { createFundService } from '../../../subgraphs/fund/src/service.ts'
import { createMarketplaceService } from '../../../subgraphs/marketplace/src/service.ts'
import { createPerformanceService } from '../../../subgraphs/performance/src/service.ts'
import { createRiskService } from '../../../subgraphs/risk/src/service.ts'
import type { Services } from './marked-graph.ts'

export const realServices: Omit<Services, 'useLogins'> = {
  gateway: createGateway,
  subgraphs: {
    fund: createFundService,
    performance: createPerformanceService,
    risk: createRiskService,
    entitlement: createEntitlementService,
    marketplace: createMarketplaceService,
  },
}
