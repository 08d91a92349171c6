import type { Logger } from '@fundmesh/platform/telemetry/log'
import {
  BrokenCircuitError,
  CircuitState,
  CountBreaker,
  circuitBreaker,
  ExponentialBackoff,
  handleWhen,
} from 'cockatiel'
import { type Exchange, NoReply, type NoReplyKind, type Reply, type Sending } from './exchange.ts'
import { isBareFailure } from './reply.ts'
import { refused } from './with-bound.ts'

/** Whether it speaks against the subgraph. What we cancelled or refused does not, nor does a reply that nobody can use. */
const counts: Readonly<Record<NoReplyKind, boolean>> = {
  timeout: true,
  unreachable: true,
  lost: true,
  displaced: false,
  cancelled: false,
  unusable: false,
  refused: false,
}

export interface CircuitOptions {
  readonly name: string
  readonly log: Logger
  /** Milliseconds until a subgraph that failed is tried again; each try that fails doubles them. */
  readonly halfOpenAfterMs?: number
}

const longestMs = 30_000

/**
 * Stops asking a subgraph of whose last 20 posts more than half had no reply, or a 5xx without GraphQL in it; then one
 * post at a time tries whether it is back. An answer with errors is an answer: it closes the circuit.
 */
export function withCircuitBreaker(exchange: Exchange, options: CircuitOptions): Exchange {
  const { name, log, halfOpenAfterMs = 1_000 } = options
  const circuit = circuitBreaker(
    handleWhen((error) => error instanceof NoReply && speaksAgainst(error.kind)).orWhenResult((reply) =>
      isBareFailure(reply as Reply),
    ),
    {
      halfOpenAfter: new ExponentialBackoff({ initialDelay: halfOpenAfterMs, maxDelay: longestMs }),
      breaker: new CountBreaker({ threshold: 0.5, size: 20, minimumNumberOfCalls: 10 }),
    },
  )
  // Of a try, cockatiel takes every other end for a success: one that nobody waited for has not been one.
  function speaksAgainst(kind: NoReplyKind): boolean {
    return counts[kind] || (circuit.state === CircuitState.HalfOpen && kind !== 'unusable')
  }
  // A try that fails opens it again, which is no news.
  let told = false
  circuit.onBreak(() => {
    if (!told) log.error({ subgraph: name }, 'the subgraph fails: its circuit is open, and it is not asked')
    told = true
  })
  circuit.onReset(() => {
    if (told) log.info({ subgraph: name }, 'the subgraph answers again: its circuit is closed')
    told = false
  })

  return {
    send(post) {
      // Cockatiel lets others wait for the one that tries, for as long as that takes.
      if (circuit.state === CircuitState.HalfOpen) return refused(open)
      let sending: Sending | undefined
      const reply = circuit
        .execute(() => {
          sending = exchange.send(post)
          return sending.reply
        })
        .catch((error) => {
          throw error instanceof BrokenCircuitError ? new NoReply('refused', open) : error
        })
      return { reply, cancel: (reason) => sending?.cancel(reason) }
    },
    close: () => exchange.close(),
  }
}

const open = 'its circuit is open'
