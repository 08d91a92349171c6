import { run } from '@fundmesh/platform/service/run'
import { settings } from './config.ts'
import { createGateway } from './gateway.ts'
import { withOptions } from './options.ts'

await run('gateway', (env, log) => createGateway(withOptions(env, process.argv.slice(2), settings), log))
