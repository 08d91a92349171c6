import { parseOperation, type Supergraph } from '@apollo/federation-internals'
import { QueryPlanner } from '@apollo/query-planner'
import type { PlanQuestion } from './plan-question.ts'
import type { Plan } from './planner.ts'

/** Makes plans within one view with Apollo's planner, in the thread that calls it. Throws where none can be made. */
export type ViewPlanner = (question: PlanQuestion) => Plan

export function viewPlanner(supergraph: Supergraph): ViewPlanner {
  const apiSchema = supergraph.apiSchema()
  const planner = new QueryPlanner(supergraph)
  return ({ document, operationName }) =>
    planner.buildQueryPlan(parseOperation(apiSchema, document, { ...(operationName && { operationName }) }))
}
