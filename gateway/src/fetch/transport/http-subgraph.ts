import type { Logger } from '@fundmesh/platform/telemetry/log'
import type { ErrorCode } from '../../errors/catalogue.ts'
import { type SubgraphClient, SubgraphFailure, type SubgraphRequest } from '../subgraph-client.ts'
import { type Exchange, NoReply, type NoReplyKind } from './exchange.ts'
import type { Flights } from './flights.ts'
import { questionWriter } from './question.ts'
import { readAnswer } from './read-answer.ts'

/** Asks one subgraph: writes the question, shares what is under way, reads the reply. */
export function httpSubgraph(options: {
  readonly name: string
  readonly exchange: Exchange
  readonly flights: Flights
  readonly coalescing: boolean
  /** A mutation has ended, whatever came of it. */
  readonly changed: () => void
  readonly log: Logger
}): SubgraphClient {
  const { name, exchange, flights, coalescing, changed, log } = options
  const write = questionWriter()

  const send = async (asked: SubgraphRequest) => {
    const { body, reads, flight } = write(asked)
    const { passport, signal } = asked
    const party = asked.party ?? (passport === undefined ? '' : undefined)
    const key = coalescing ? flight : undefined
    const taken = flights.take(key, () => exchange.send({ body, passport, repeatable: reads, party }), signal)
    return readAnswer(name, await (reads ? taken : taken.finally(changed)))
  }

  return {
    async ask(asked) {
      try {
        return await send(asked)
      } catch (error) {
        const failure = error instanceof SubgraphFailure ? error : failureOf(name, error as Error, asked.signal)
        // An open circuit is told when it opens.
        const known = error instanceof NoReply && error.kind === 'refused'
        if (!asked.signal.aborted && !known)
          log.warn({ subgraph: name, code: failure.code, reason: failure.message }, 'fetch failed')
        throw failure
      }
    },
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

function failureOf(name: string, error: Error, asker: AbortSignal): SubgraphFailure {
  // The time of the whole request is over.
  if (asker.aborted && asker.reason?.name === 'TimeoutError')
    return new SubgraphFailure('SUBGRAPH_TIMEOUT', name, asker.reason.message)
  return new SubgraphFailure(
    error instanceof NoReply ? codes[error.kind] : 'INTERNAL_SERVER_ERROR',
    name,
    error.message,
  )
}
