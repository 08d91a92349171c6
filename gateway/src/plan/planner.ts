import type { QueryPlan } from '@apollo/query-planner'
import type { PermittedOperation } from '../access/permit.ts'

/** Values of variables that `@skip` and `@include` ask. */
export type Decided = readonly (readonly [variable: string, value: boolean])[]

/** How an operation is answered: which subgraph is asked what, in which order. */
export type Plan = QueryPlan

export interface Planner {
  /**
   * Throws OPERATION_PLANNING_FAILED where no plan can be made, OPERATION_PLANNING_TIMEOUT where that would take too much,
   * SERVICE_UNAVAILABLE where too many wait for one. `overrides` are the labels that are on for it (with-overrides.ts);
   * `decided` are the conditions that the plan may rely on (with-decisions.ts).
   */
  plan(operation: PermittedOperation, overrides?: readonly string[], decided?: Decided): Promise<Plan>
}
