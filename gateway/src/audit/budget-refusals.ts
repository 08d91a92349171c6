/**
 * Refusals for want of budget, which come as fast as somebody asks. The first of a principal is told as every refusal is,
 * with what was asked; those that follow it are counted, and told as one entry a minute under its request: so many were
 * refused since the entry before.
 */
import { randomUUID } from 'node:crypto'
import { GraphQLError } from 'graphql'
import type { Asking, GraphQLRequest } from '../operation/request.ts'
import { askedFor, codesOf, type Draft, ofCaller, refusedDraft } from './draft.ts'
import { windowMs } from './stream-audit.ts'

type Asker = Pick<Asking, 'caller' | 'channel'>

/** A principal that was refused within the last minute. */
interface Refused {
  readonly asker: Asker
  readonly request: string
  /** When the last entry was told. */
  toldAt: number
  /** Not yet told, and when the last of them came. */
  count: number
  lastAt: number
}

export interface BudgetRefusals {
  refused(request: GraphQLRequest, asker: Asker, error: unknown): void
  /** Tells what is due. */
  look(): void
  /** Tells everything. */
  close(): void
}

/** Whether an operation was refused until its tenant or its client has points again. */
export const isForBudget = (error: unknown): boolean =>
  error instanceof GraphQLError &&
  error.extensions.code === 'COST_LIMIT_EXCEEDED' &&
  error.extensions.retryAfter !== undefined

export function budgetRefusals(options: {
  readonly write: (tenant: string, draft: Draft) => Promise<void>
  readonly now: () => Date
}): BudgetRefusals {
  const { write, now } = options
  const open = new Map<string, Refused>()

  const tell = ({ asker, request }: Refused, at: Date, more: Partial<Draft>) =>
    void write(asker.caller.tenant, {
      ...refusedDraft('REFUSAL', request, at),
      ...ofCaller(asker.caller, asker.channel),
      codes: ['COST_LIMIT_EXCEEDED'],
      ...more,
    })
  const tellCounted = (refused: Refused) => {
    if (refused.count > 0) tell(refused, new Date(refused.lastAt), { count: refused.count })
    refused.count = 0
  }

  return {
    refused(request, asker, error) {
      const at = now()
      const name = nameOf(asker)
      const known = open.get(name)
      if (known) {
        known.count += 1
        known.lastAt = at.getTime()
        return
      }
      const first = { asker, request: randomUUID(), toldAt: at.getTime(), count: 0, lastAt: at.getTime() }
      open.set(name, first)
      tell(first, at, { ...askedFor(request), codes: codesOf([error]) })
    },
    look() {
      for (const [name, refused] of open) {
        if (now().getTime() - refused.toldAt < windowMs) continue
        if (refused.count === 0) open.delete(name)
        refused.toldAt = now().getTime()
        tellCounted(refused)
      }
    },
    close() {
      for (const refused of open.values()) tellCounted(refused)
      open.clear()
    },
  }
}

/** Who asks, as the entries tell it. */
const nameOf = ({ caller, channel }: Asker) => JSON.stringify([caller.tenant, ofCaller(caller, channel)])
