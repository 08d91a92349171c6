import { run } from '@fundmesh/platform/service/run'
import { createPerformanceService } from './service.ts'

await run('performance', createPerformanceService)
