import { run } from '@fundmesh/platform/service/run'
import { createEntitlementService } from './service.ts'

await run('entitlement', (env, log) => createEntitlementService(env, log))
