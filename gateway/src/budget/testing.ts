/** Budgets for tests that are about something else. */
import { createLogger } from '@fundmesh/platform/telemetry/log'
import type { LoadedSupergraph } from '../supergraph/supergraph.ts'
import { openBuckets } from './buckets.ts'
import { budgetOf, type ChargeFor } from './budget.ts'
import type { Budget, BudgetOf } from './budgets-file.ts'
import { costModel } from './cost-model.ts'

const rate = { points: 1e9, seconds: 60 }

/** Budgets that no test meets, but for what it says itself. */
export const generous =
  (own: Partial<Budget> = {}): BudgetOf =>
  () => ({ operationCost: 1e9, tenant: rate, client: rate, streams: { open: 1e6, eventsPerSecond: 1e6 }, ...own })

/** The charging of a gateway of one process. */
export function chargeWithin(
  { supergraph, supergraphSchema }: Pick<LoadedSupergraph, 'supergraph' | 'supergraphSchema'>,
  budgets: BudgetOf = generous(),
  now?: () => number,
): ChargeFor {
  const log = createLogger('test', 'silent')
  return budgetOf({
    model: costModel(supergraph, supergraphSchema),
    budgets,
    buckets: openBuckets({ prefix: '', log, ...(now && { now }) }),
    log,
  })
}
