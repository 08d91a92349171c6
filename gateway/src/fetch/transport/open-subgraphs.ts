/**
 * The subgraphs, as the executor asks them. From a question down to the wire:
 *
 *   httpSubgraph          question → body; reply → answer, read once for each who asked
 *   flights               equal questions under way are asked once
 *   withDeadline          the time of one fetch, in all
 *   withCircuitBreaker    a subgraph that fails is left alone for a while
 *   withRetry             once more, of what only reads and was lost, within a budget
 *   pipeliningExchange    what only reads, on few connections; the rest one by one
 *   withBound             no more at once than can be served
 *   undiciExchange        one at a time on each connection
 */
import type { Logger } from '@fundmesh/platform/telemetry/log'
import type { SubgraphClient } from '../subgraph-client.ts'
import type { Exchange } from './exchange.ts'
import { type Flights, flights } from './flights.ts'
import { httpSubgraph } from './http-subgraph.ts'
import { pipeliningExchange } from './pipelining/pipelining-exchange.ts'
import { maxConnections, undiciExchange } from './undici-exchange.ts'
import { withBound } from './with-bound.ts'
import { withCircuitBreaker } from './with-circuit-breaker.ts'
import { withDeadline } from './with-deadline.ts'
import { retryBudget, withRetry } from './with-retry.ts'

export interface Subgraphs {
  readonly clients: ReadonlyMap<string, SubgraphClient>
  /** Lets go of every connection; what is under way fails. */
  close(): Promise<void>
}

export interface SubgraphsOptions {
  readonly urls: ReadonlyMap<string, string>
  /** Of one fetch, in all. */
  readonly timeoutMs: number
  /** Whether what only reads is sent without waiting for the answer before: to all, none or those that are named. */
  readonly pipelining: 'on' | 'off' | readonly string[]
  /** Whether equal questions under way are asked once, where they say that they may be. */
  readonly coalescing: boolean
  readonly log: Logger
  /** Milliseconds until a subgraph that failed is tried again. */
  readonly halfOpenAfterMs?: number
}

/** Posts to one subgraph that may wait for a connection. */
const longestQueue = 1_000

export function openSubgraphs(options: SubgraphsOptions): Subgraphs {
  const { urls, timeoutMs, coalescing, pipelining, log } = options
  if (typeof pipelining === 'object') {
    const unknown = pipelining.filter((name) => !urls.has(name))
    if (unknown.length > 0)
      throw new Error(`PIPELINING: expected on, off or subgraphs of ${[...urls.keys()]}; got ${unknown}`)
  }
  const exchanges: Exchange[] = []
  const underWay: Flights[] = []
  // What one subgraph changed, another may tell.
  const changed = () => {
    for (const those of underWay) those.forget()
  }

  const clients = new Map<string, SubgraphClient>()
  for (const [name, url] of urls) {
    const exchange = resilient(name, url, options)
    const shared = flights()
    exchanges.push(exchange)
    underWay.push(shared)
    clients.set(name, httpSubgraph({ name, exchange, flights: shared, coalescing, timeoutMs, changed, log }))
  }
  return {
    clients,
    close: async () => void (await Promise.all(exchanges.map((exchange) => exchange.close()))),
  }
}

function resilient(name: string, url: string, options: SubgraphsOptions): Exchange {
  const { timeoutMs, pipelining, log, halfOpenAfterMs } = options
  const oneByOne = withBound(undiciExchange(url), maxConnections + longestQueue)
  const pipelined = pipelining === 'on' || (pipelining !== 'off' && pipelining.includes(name))
  const first = pipelined ? pipeliningExchange({ name, url, elsewhere: oneByOne, log }) : oneByOne
  const repeated = withRetry(first, oneByOne, retryBudget())
  const guarded = withCircuitBreaker(repeated, { name, log, ...(halfOpenAfterMs !== undefined && { halfOpenAfterMs }) })
  return withDeadline(guarded, timeoutMs)
}
