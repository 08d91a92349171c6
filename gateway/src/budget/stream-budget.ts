/**
 * How many streams a tenant may hold open, over whatever they came, and how many events a second they may carry
 * together. Above that an event waits for its turn: a stream's order and its freedom from gaps are worth more than its
 * speed, and one that cannot keep up with what comes is ended by its outbox's bound.
 */
import type { Caller } from '@fundmesh/platform/identity/caller'
import { RateLimiterMemory, RateLimiterQueue } from 'rate-limiter-flexible'
import { codedError } from '../errors/catalogue.ts'
import type { BudgetOf } from './budgets-file.ts'

export interface StreamBudget {
  /** Throws STREAM_LIMIT_EXCEEDED where the tenant may open no more. */
  check(caller: Caller): void
  /** Counts a stream as open until the result is called, once or more often. Throws as `check`. */
  enter(caller: Caller): OpenStream
}

export interface OpenStream {
  /** Resolves when an event may be sent, or when the stream has ended. */
  turn(ended: AbortSignal): Promise<void>
  leave(): void
}

interface Tenant {
  open: number
  readonly turns: RateLimiterQueue
}

export function streamBudget(budgets: BudgetOf): StreamBudget {
  const tenants = new Map<string, Tenant>()

  const check = (caller: Caller) => {
    const { open: allowed } = budgets(caller).streams
    const open = tenants.get(caller.tenant)?.open ?? 0
    if (open >= allowed)
      throw codedError('STREAM_LIMIT_EXCEEDED', `openStreams: expected at most ${allowed}; got ${open + 1}`, {
        extensions: { limit: 'openStreams', allowed, got: open + 1 },
      })
  }

  return {
    check,
    enter(caller) {
      check(caller)
      const tenant = tenants.get(caller.tenant) ?? { open: 0, turns: turnsOf(budgets(caller).streams.eventsPerSecond) }
      tenants.set(caller.tenant, tenant)
      tenant.open++
      let left = false
      return {
        turn: (ended) => unlessEnded(tenant.turns.removeTokens(1), ended),
        leave() {
          if (left) return
          left = true
          if (--tenant.open === 0) tenants.delete(caller.tenant)
        },
      }
    },
  }
}

/** First come, first served: each stream waits with one event, so that none takes the turns of all. */
const turnsOf = (eventsPerSecond: number) =>
  new RateLimiterQueue(new RateLimiterMemory({ points: eventsPerSecond, duration: 1 }))

/** A signal lives as long as its stream: what listens to it for one event must let go. */
function unlessEnded(turn: Promise<unknown>, ended: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => resolve()
    ended.addEventListener('abort', stop, { once: true })
    turn.then(() => resolve(), reject).finally(() => ended.removeEventListener('abort', stop))
    if (ended.aborted) resolve()
  })
}

/** Events came faster than the tenant may have them for longer than they can be kept. */
export const tooManyEvents = () =>
  codedError('STREAM_LIMIT_EXCEEDED', 'More events came than the tenant may have in a second; subscribe to less.', {
    extensions: { limit: 'eventsPerSecond' },
  })
