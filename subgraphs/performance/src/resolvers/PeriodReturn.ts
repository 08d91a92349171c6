import { conventionsOf } from '../domain/conventions.ts'
import type { PeriodReturn as Computed } from '../domain/period-return.ts'
import type { PeriodReturnResolvers } from '../generated/graphql.ts'

/** A return, and what it was computed from. */
export interface PeriodReturnAnswer extends Computed {
  readonly currency: string
  readonly knownAt: string
}

export const PeriodReturn: PeriodReturnResolvers = {
  complete: ({ reasonIncomplete }) => reasonIncomplete === null,
  method: () => 'TWR_DAILY',
  conventions: (result) => [...conventionsOf(result)],
}
