/**
 * Whole-request coalescing: what several callers ask at once, and what can only have one answer, is planned, fetched and
 * completed once. Each of them was permitted and is charged, audited and answered by itself (query.ts).
 *
 *   nobody asks it now       begins a flight
 *   somebody does            joins it
 *   leaves                   the others stay; with the last one the fetches end, and who comes now begins anew
 *   its time is over         the first one's: the fetches end for all, as it has been asked for that long
 *   it has landed            forgotten: nothing is kept, so nothing is stale
 *   a mutation was answered  who comes now does not join what was asked before it
 */
import type { PermittedOperation } from './access/permit.ts'
import { setDeadline, timeLeft } from './fetch/deadline.ts'
import type { Completed } from './shape/complete.ts'
import { UnderWay } from './under-way.ts'

/** From a permitted operation to what its client reads: plan → fetch → shape. */
export type Work = (operation: PermittedOperation, signal: AbortSignal) => Promise<Completed>

interface Flight {
  readonly completed: Promise<Completed>
  readonly ending: AbortController
  takers: number
}

export interface CoalescingOptions {
  /** Whether subgraphs are told who asks: each caller's answers are then its own. */
  readonly told: boolean
  /** Whether an operation selects what is only for who asked; left out, nothing is. */
  readonly isOwn?: (operation: PermittedOperation) => boolean
  /** Milliseconds that an answer may take. A token that could end before that is nobody else's to wait by. */
  readonly longestMs: number
  /** Is given what to call after a mutation that was worked on elsewhere: nobody joins what was asked before it. */
  readonly onForget?: (forget: () => void) => void
}

export function withCoalescing(
  work: Work,
  { told, isOwn = () => false, longestMs, onForget }: CoalescingOptions,
): Work {
  const underWay = new UnderWay<Flight>()
  onForget?.(() => underWay.forget())

  const begin = (key: string, operation: PermittedOperation, signal: AbortSignal): Flight => {
    const ending = new AbortController()
    setDeadline(ending.signal, timeLeft(signal))
    const flight: Flight = { completed: work(operation, ending.signal), ending, takers: 0 }
    underWay.begin(key, flight)
    const landed = () => underWay.end(key, flight)
    flight.completed.then(landed, landed)
    return flight
  }

  return async (operation, signal) => {
    if (operation.definition.operation !== 'query') {
      try {
        return await work(operation, signal)
      } finally {
        underWay.forget()
      }
    }
    // Before anybody is joined: a flight's own signal would be aborted for all.
    if (signal.aborted || operation.caller.expiresAt.getTime() - Date.now() <= longestMs) return work(operation, signal)

    const key = coalescingKey(operation, told || isOwn(operation))
    const flight = underWay.get(key) ?? begin(key, operation, signal)
    flight.takers += 1
    const leave = () => {
      flight.takers -= 1
      if (flight.takers > 0) return
      underWay.end(key, flight)
      flight.ending.abort(signal.reason)
    }
    signal.addEventListener('abort', leave, { once: true })
    try {
      return await flight.completed
    } finally {
      signal.removeEventListener('abort', leave)
    }
  }
}

/** Equal only where one answer is right for both, whatever the subgraphs say. */
export function coalescingKey(operation: PermittedOperation, byCaller: boolean): string {
  const { view, planKey, variables, rights, channel, atLeastEpoch, knownAt, isOfNow, caller } = operation
  const instant = isOfNow ? 'now' : knownAt
  const text = `${view} ${planKey} ${rights.fingerprint} ${channel} ${atLeastEpoch} ${instant} ${JSON.stringify(variables)}`
  if (!byCaller) return text
  const { tenant, subject, client, scopes, region } = caller
  return text + JSON.stringify([tenant, subject, client, [...scopes].sort(), region])
}
