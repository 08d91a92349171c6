import { run } from '@fundmesh/platform/service/run'
import { createGateway } from './gateway.ts'

await run('gateway', createGateway)
