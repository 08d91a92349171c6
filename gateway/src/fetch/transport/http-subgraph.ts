import type { Logger } from '@fundmesh/platform/telemetry/log'
import type { ErrorCode } from '../../errors/catalogue.ts'
import { timeLeft } from '../deadline.ts'
import { type SubgraphClient, SubgraphFailure, type SubgraphRequest } from '../subgraph-client.ts'
import { whileAsked } from './askers.ts'
import { type Exchange, NoReply, type NoReplyKind, type Reply } from './exchange.ts'
import type { Flights } from './flights.ts'
import { questionWriter } from './question.ts'
import { readAnswer } from './read-answer.ts'

/** Asks one subgraph: writes the question, shares what is under way, reads the reply. */
export function httpSubgraph(options: {
  readonly name: string
  readonly exchange: Exchange
  readonly flights: Flights
  readonly coalescing: boolean
  /** The most that the exchange takes. */
  readonly timeoutMs: number
  /** A mutation has ended, whatever came of it. */
  readonly changed: () => void
  readonly log: Logger
}): SubgraphClient {
  const { name, exchange, flights, coalescing, timeoutMs, changed, log } = options
  const write = questionWriter()

  const send = async (asked: SubgraphRequest) => {
    const { body, reads, flight } = write(asked)
    const { passport, signal } = asked
    const party = asked.party ?? (passport === undefined ? '' : undefined)
    const post = { body, passport, repeatable: reads, party }
    const key = coalescing ? flight : undefined
    const take: Take = (until) => flights.take(key, (receiver) => exchange.send(post, receiver), until)
    const left = timeLeft(signal)
    const taken = left < timeoutMs ? within(left, signal, take) : take(signal)
    return readAnswer(name, await (reads ? taken : taken.finally(changed)))
  }

  return {
    async ask(asked) {
      try {
        return await send(asked)
      } catch (error) {
        const failure = error instanceof SubgraphFailure ? error : failureOf(name, error as Error)
        // An open circuit is told when it opens.
        const known = error instanceof NoReply && error.kind === 'refused'
        if (!asked.signal.aborted && !known)
          log.warn({ subgraph: name, code: failure.code, reason: failure.message }, 'fetch failed')
        throw failure
      }
    },
  }
}

type Take = (until: AbortSignal) => Promise<Reply>

/** Waits no longer than the whole request may take; a flight that others share goes on. */
async function within(left: number, signal: AbortSignal, take: Take): Promise<Reply> {
  const over = new NoReply('timeout', 'the time of the whole request is over')
  if (left <= 0) throw over
  const until = new AbortController()
  let late = false
  const timer = setTimeout(() => {
    late = true
    until.abort()
  }, left)
  if (signal.aborted) until.abort()
  const done = whileAsked(signal, () => until.abort())
  try {
    return await take(until.signal)
  } catch (error) {
    throw late ? over : error
  } finally {
    clearTimeout(timer)
    done()
  }
}

const codes: Readonly<Record<NoReplyKind, ErrorCode>> = {
  timeout: 'SUBGRAPH_TIMEOUT',
  cancelled: 'SUBGRAPH_UNAVAILABLE',
  unreachable: 'SUBGRAPH_UNAVAILABLE',
  lost: 'SUBGRAPH_UNAVAILABLE',
  displaced: 'SUBGRAPH_UNAVAILABLE',
  unusable: 'SUBGRAPH_INVALID_RESPONSE',
  refused: 'SUBGRAPH_UNAVAILABLE',
}

function failureOf(name: string, error: Error): SubgraphFailure {
  return new SubgraphFailure(
    error instanceof NoReply ? codes[error.kind] : 'INTERNAL_SERVER_ERROR',
    name,
    error.message,
  )
}
