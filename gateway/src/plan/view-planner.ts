import { parseOperation, type Supergraph } from '@apollo/federation-internals'
import { QueryPlanner } from '@apollo/query-planner'
import { repairApolloPlanner } from './apollo-repairs.ts'
import { assertInputsAreSent } from './computed-fields.ts'
import { assertRootsAreFetched } from './fetched-roots.ts'
import type { PlanQuestion } from './plan-question.ts'
import { plannable } from './plannable.ts'
import type { Plan } from './planner.ts'
import { restoreShadows } from './shadows.ts'

/** Makes plans within one view with Apollo's planner, in the thread that calls it. Throws where none can be made. */
export type ViewPlanner = (question: PlanQuestion) => Plan

export function viewPlanner(view: Supergraph): ViewPlanner {
  const apiSchema = view.apiSchema()
  const { supergraph, shadows, hasChains } = plannable(view)
  repairApolloPlanner(supergraph, hasChains)
  const planner = new QueryPlanner(supergraph)
  return ({ document, operationName, overrides }) => {
    const operation = parseOperation(apiSchema, document, { ...(operationName && { operationName }) })
    const plan = planner.buildQueryPlan(operation, {
      overrideConditions: new Map(overrides.map((label) => [label, true])),
    })
    assertInputsAreSent(plan, supergraph)
    assertRootsAreFetched(plan, document, operationName)
    return restoreShadows(plan, shadows, supergraph)
  }
}
