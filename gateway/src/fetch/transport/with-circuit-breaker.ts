import type { Logger } from '@fundmesh/platform/telemetry/log'
import {
  BrokenCircuitError,
  CircuitState,
  CountBreaker,
  circuitBreaker,
  ExponentialBackoff,
  handleWhen,
} from 'cockatiel'
import { type Exchange, NoReply, type NoReplyKind, type Receiver, type Reply, type Sending } from './exchange.ts'
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
/** Posts by which a subgraph is judged. */
const window = 20

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
      breaker: new CountBreaker({ threshold: 0.5, size: window, minimumNumberOfCalls: 10 }),
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

  /** Posts since the last that spoke against the subgraph. */
  let well = window
  // While all of the window were well, one more tells cockatiel nothing, and is not told: it costs as much as the fetch.
  const tell = (outcome: () => Promise<Reply>) => {
    well = 0
    circuit.execute(outcome).catch(() => {})
  }

  return {
    send(post, receiver) {
      if (well >= window && circuit.state === CircuitState.Closed)
        return exchange.send(post, new Watched(receiver, tell))
      // Cockatiel lets others wait for the one that tries, for as long as that takes.
      if (circuit.state === CircuitState.HalfOpen) return refused(receiver, open)
      let sending: Sending | undefined
      const outcome = () =>
        new Promise<Reply>((replied, failed) => {
          sending = exchange.send(post, { replied, failed })
        })
      circuit.execute(outcome).then(
        (reply) => {
          well = isBareFailure(reply) ? 0 : well + 1
          receiver.replied(reply)
        },
        (error) => {
          if (error instanceof BrokenCircuitError) return receiver.failed(new NoReply('refused', open))
          if (counts[(error as NoReply).kind]) well = 0
          receiver.failed(error)
        },
      )
      return { cancel: (reason) => sending?.cancel(reason) }
    },
    close: () => exchange.close(),
  }
}

class Watched implements Receiver {
  private readonly receiver: Receiver
  private readonly tell: (outcome: () => Promise<Reply>) => void

  constructor(receiver: Receiver, tell: (outcome: () => Promise<Reply>) => void) {
    this.receiver = receiver
    this.tell = tell
  }

  replied(reply: Reply): void {
    if (isBareFailure(reply)) this.tell(async () => reply)
    this.receiver.replied(reply)
  }

  failed(reason: NoReply): void {
    if (counts[reason.kind]) this.tell(() => Promise.reject(reason))
    this.receiver.failed(reason)
  }
}

const open = 'its circuit is open'
