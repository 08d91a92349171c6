/** Our own graph as it is committed, everybody seeing all of it, and one who asks it: for benchmarks within one process. */
import { fileURLToPath } from 'node:url'
import { createLogger } from '@fundmesh/platform/telemetry/log'
import { loadSupergraph } from '../gateway/src/supergraph/supergraph.ts'
import { openViews } from '../gateway/src/view/views.ts'

export const log = createLogger('bench', 'silent')
export const loaded = loadSupergraph(
  fileURLToPath(new URL('../contracts/graph/supergraph.graphql', import.meta.url)),
  new Map(),
)
export const views = openViews(loaded, log)
export const caller = {
  tenant: 'alder',
  subject: 'ann',
  client: 'bench',
  scopes: new Set<string>(),
  // Later than any benchmark runs.
  expiresAt: new Date(Date.now() + 86_400_000),
}
export const asking = {
  caller,
  channel: 'GRAPHQL',
  atLeastEpoch: 0,
  replyHeaders: new Map<string, string>(),
  signal: new AbortController().signal,
} as const
