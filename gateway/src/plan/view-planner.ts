import { operationFromDocument, type Supergraph } from '@apollo/federation-internals'
import { QueryPlanner } from '@apollo/query-planner'
import { parse, print } from 'graphql'
import { repairApolloPlanner } from './apollo-repairs.ts'
import { assertInputsAreSent } from './computed-fields.ts'
import { assertRootsAreFetched } from './fetched-roots.ts'
import type { PlanQuestion } from './plan-question.ts'
import { plannable } from './plannable.ts'
import type { Plan } from './planner.ts'
import { restoreShadows } from './shadows.ts'
import { spellingOut } from './spelled-out.ts'

/** Makes plans within one view with Apollo's planner, in the thread that calls it. Throws where none can be made. */
export type ViewPlanner = (question: PlanQuestion) => Plan

export function viewPlanner(view: Supergraph): ViewPlanner {
  const apiSchema = view.apiSchema()
  const { supergraph, shadows, hasChains } = plannable(view)
  repairApolloPlanner(supergraph, hasChains)
  const planner = new QueryPlanner(supergraph)
  const spelledOut = spellingOut(view)
  return ({ document: text, operationName, overrides, decided }) => {
    const document = spelledOut(parse(text, { noLocation: true }), decided)
    const operation = operationFromDocument(apiSchema, document, { ...(operationName && { operationName }) })
    const plan = planner.buildQueryPlan(operation, {
      overrideConditions: new Map(overrides.map((label) => [label, true])),
    })
    assertInputsAreSent(plan, supergraph)
    assertRootsAreFetched(plan, print(document), operationName)
    return restoreShadows(plan, shadows, supergraph)
  }
}
