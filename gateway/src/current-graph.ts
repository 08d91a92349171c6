/**
 * The graph that is served now, and its successor.
 *
 *   the file changes     read, its views and planner made; what was asked last is planned in it
 *   it cannot be served  said with the reason; the last good one stays
 *   it is ready          who comes now is answered by it
 *   the old one          ends what it began; its streams are told to subscribe again; then it is closed
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from '@fundmesh/platform/telemetry/log'
import type { GraphQLSchema } from 'graphql'
import { LRUCache } from 'lru-cache'
import type { Explain } from './explain/explain.ts'
import type { Graph } from './graph.ts'
import type { Answer } from './http/http.ts'
import type { Asking, GraphQLRequest } from './operation/request.ts'
import type { LoadedSupergraph } from './supergraph/supergraph.ts'
import type { Views } from './view/views.ts'

export interface CurrentGraph {
  readonly answer: Answer
  readonly explain: Explain | undefined
  readonly views: Pick<Views, 'of'>
  /** The schema of a view of a graph that still answers. */
  schemaOf(view: string): GraphQLSchema
  /** Throws what is not there yet. */
  assertReady(): void
  /** Looks at the supergraph again. Resolves when it is served, or will not be. */
  reload(): Promise<void>
  drain(): void
  close(): Promise<void>
}

/** Operations that are planned before a new graph is switched to: those that were asked last. */
const mostWarmed = 200
/** Of the text, the variables and the extensions of each. */
const mostCharacters = 20_000
/** Milliseconds in which a graph must have become ready, and those within which its plans are made before. */
const readyMs = 60_000
const warmingMs = 20_000
const pollMs = 50
interface Served {
  readonly graph: Graph
  /** Answers that were begun and are not there yet; of a graph that is retired no others will begin. */
  underWay: number
  isRetired: boolean
}

type Asked = { readonly request: GraphQLRequest } & Pick<Asking, 'caller' | 'channel' | 'atLeastEpoch'>

export function currentGraph(options: {
  readonly first: LoadedSupergraph
  /** Reads the supergraph again. Throws an Error that says what is wrong with it. */
  readonly load: () => LoadedSupergraph
  readonly open: (loaded: LoadedSupergraph) => Graph
  /** Milliseconds that the streams of a graph have to say goodbye. */
  readonly goodbyeMs?: number
  readonly log: Logger
}): CurrentGraph {
  const { first, load, open, goodbyeMs = 5_000, log } = options
  const begin = (loaded: LoadedSupergraph): Served => ({ graph: open(loaded), underWay: 0, isRetired: false })
  const asked = new LRUCache<string, Asked>({
    max: mostWarmed,
    maxEntrySize: mostCharacters,
    maxSize: mostWarmed * mostCharacters,
    sizeCalculation: ({ request: { variables, extensions } }, text) =>
      text.length + JSON.stringify([variables, extensions]).length,
  })
  const served = new Set<Served>()
  let now = begin(first)
  served.add(now)
  const closing = new AbortController()

  const remember = (request: GraphQLRequest, { caller, channel, atLeastEpoch }: Asking) => {
    // What is asked by its name has no text, or an empty one.
    const text = String(request.query || JSON.stringify([request.documentId, request.extensions]))
    if (!asked.get(text)) asked.set(text, { request, caller, channel, atLeastEpoch })
  }

  /** Never rejects: what cannot be closed is nothing that the graph which is served now should end by. */
  const closed = (graph: Graph) =>
    graph.close().catch((error) => log.error({ err: error }, 'a graph that is served no more could not be closed'))

  const closeIfDone = async (one: Served) => {
    if (!one.isRetired || one.underWay > 0 || !served.delete(one)) return
    await closed(one.graph)
  }

  const warm = async (graph: Graph) => {
    const end = Date.now() + warmingMs
    for (const { request, ...asking } of asked.values()) {
      if (closing.signal.aborted || Date.now() > end) return
      // What does not fit any more, or may not be asked any more, is told to whoever asks.
      await graph.plan(request, asking).catch(() => {})
    }
  }

  const isReady = async (graph: Graph) => {
    for (const end = Date.now() + readyMs; ; await sleep(pollMs, undefined, { ref: false })) {
      try {
        return graph.assertReady()
      } catch (error) {
        if (closing.signal.aborted || Date.now() > end) throw error
      }
    }
  }

  const replace = async () => {
    let next: Served | undefined
    try {
      const loaded = load()
      if (loaded.text === now.graph.loaded.text) return
      next = begin(loaded)
      await isReady(next.graph)
      await warm(next.graph)
      if (closing.signal.aborted) throw new Error('the gateway closes')
    } catch (error) {
      log.error({ reason: (error as Error).message }, 'the new supergraph is not served; the last good one stays')
      if (next) await closed(next.graph)
      return
    }
    const before = now
    now = next
    served.add(now)
    log.info('a new supergraph is served')
    before.graph.drain()
    await sleep(goodbyeMs, undefined, { ref: false, signal: closing.signal }).catch(() => {})
    before.isRetired = true
    await closeIfDone(before)
  }
  /** One after the other. */
  let reloading = Promise.resolve()

  return {
    async answer(request, asking) {
      const one = now
      one.underWay += 1
      try {
        const answered = await one.graph.answer(request, asking)
        remember(request, asking)
        return answered
      } finally {
        one.underWay -= 1
        void closeIfDone(one)
      }
    },
    explain: now.graph.explain && ((request, as) => now.graph.explain!(request, as)),
    views: { of: (caller) => now.graph.views.of(caller) },
    schemaOf(view) {
      const whose = [now, ...served].find(({ graph }) =>
        graph.views.graphs.some(({ fingerprint }) => fingerprint === view),
      )
      return (whose ?? now).graph.views.graph(view).schema
    },
    assertReady: () => now.graph.assertReady(),
    reload() {
      reloading = reloading.then(replace)
      return reloading
    },
    drain: () => now.graph.drain(),
    async close() {
      closing.abort()
      await reloading
      await Promise.all([...served].map(({ graph }) => graph.close()))
    },
  }
}
