import { run } from '@fundmesh/platform/service/run'
import { createMarketplaceService } from './service.ts'

await run('marketplace', createMarketplaceService)
