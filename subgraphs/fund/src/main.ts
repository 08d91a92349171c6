import { run } from '@fundmesh/platform/service/run'
import { createFundService } from './service.ts'

await run('fund', createFundService)
