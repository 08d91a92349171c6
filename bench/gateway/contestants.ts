/** Who is measured against whom, in which order, and what must come out of it. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Contestant } from './harness.ts'

const project = fileURLToPath(new URL('../..', import.meta.url))

/** As in production (k8s/base/gateway.yaml). */
const flags = ['--max-semi-space-size=64']

/** One comparison: the gateways of one run, over the same workloads. */
export interface Section {
  readonly name: string
  readonly title: string
  readonly ours: string
  readonly peers: readonly string[]
  /** How many times the requests per second of the fastest peer are wanted, by workload. */
  readonly bars: Readonly<Record<string, number>>
}

const others = ['grafbase-dev', 'mercurius+jit', 'apollo-gateway']

/** Folders of the harness whose packages a peer needs. */
export const peerFolders: Readonly<Record<string, string>> = {
  'grafbase-dev': 'peers/grafbase',
  'mercurius+jit': 'peers/mercurius',
  'apollo-gateway': 'peers/apollo-gateway',
}

export const sections: readonly Section[] = [
  {
    name: 'on',
    title: 'Coalescing on, the peer’s de-duplication of subgraph requests too',
    ours: 'fundmesh',
    peers: ['hive-router', ...others],
    bars: { W1u: 2, W2: 2, W3: 1.3, W4: 1.8 },
  },
  {
    name: 'identical',
    title: 'Identical requests, the peer’s de-duplication of inbound requests on',
    ours: 'fundmesh',
    peers: ['hive-router+inbound-dedupe', ...others],
    bars: { W1: 1 },
  },
  {
    name: 'off',
    title: 'All coalescing off, the peer’s too',
    ours: 'fundmesh-off',
    peers: ['hive-router-off', ...others],
    bars: { W1u: 1.2, W2: 2, W3: 2, W4: 1.8 },
  },
]

/** How each is started that the harness does not know by itself. */
export function contestants(harness: string, hiveRouter: string | undefined): Record<string, Contestant> {
  const ours = (env: Record<string, string>): Contestant => ({
    cwd: project,
    cmd: [process.execPath, ...flags, 'gateway/dist/main.js'],
    env: {
      ACCESS: 'open',
      HOST: '127.0.0.1',
      LOG_LEVEL: 'error',
      SUPERGRAPH: join(harness, 'supergraph.graphql'),
      ...env,
    },
  })
  return {
    fundmesh: ours({}),
    'fundmesh-off': ours({ COALESCING: 'off' }),
    ...(hiveRouter !== undefined && hiveRouters(harness, hiveRouter)),
  }
}

/** With one worker, as a comparison on one core asks for, and each of its de-duplications on or off. */
function hiveRouters(harness: string, binary: string): Record<string, Contestant> {
  const cwd = join(harness, 'peers/hive-router')
  const withConfig = (file: string): Contestant => ({
    cwd,
    cmd: [binary],
    env: { ROUTER_CONFIG_FILE_PATH: file, ROUTER_HTTP_WORKERS: '1' },
  })
  writeFileSync(join(cwd, 'dedupe-off.config.yaml'), dedupeOff)
  return {
    'hive-router': withConfig('router.config.yaml'),
    'hive-router+inbound-dedupe': withConfig('dedupe-inbound.config.yaml'),
    'hive-router-off': withConfig('dedupe-off.config.yaml'),
  }
}

/** As the harness' own settings, without the de-duplication of subgraph requests. */
const dedupeOff = `supergraph:
  source: file
  path: ../../supergraph.graphql
http:
  host: 127.0.0.1
log:
  level: error
laboratory:
  enabled: false
traffic_shaping:
  max_connections_per_host: 1024
  all:
    dedupe_enabled: false
`
