import type { QueryPlan } from '@apollo/query-planner'
import type { PermittedOperation } from '../access/permit.ts'

/** How an operation is answered: which subgraph is asked what, in which order. */
export type Plan = QueryPlan

export interface Planner {
  /**
   * Throws OPERATION_PLANNING_FAILED where no plan can be made, OPERATION_PLANNING_TIMEOUT where that would take too much,
   * SERVICE_UNAVAILABLE where too many wait for one. `overrides` are the labels that are on for it (with-overrides.ts).
   */
  plan(operation: PermittedOperation, overrides?: readonly string[]): Promise<Plan>
}
