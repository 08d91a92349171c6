import { run } from '@fundmesh/platform/service/run'
import { createRiskService } from './service.ts'

await run('risk', createRiskService)
