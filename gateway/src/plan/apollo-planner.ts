import type { Supergraph } from '@apollo/federation-internals'
import type { Logger } from '@fundmesh/platform/telemetry/log'
import { codedError } from '../errors/catalogue.ts'
import { questionOf } from './plan-question.ts'
import type { Planner } from './planner.ts'
import { type ViewPlanner, viewPlanner } from './view-planner.ts'

/**
 * Plans in the thread that asks, and keeps it from all else meanwhile: for tests and tools. What serves plans in threads
 * of their own (worker-planner.ts).
 */
export function apolloPlanner(supergraphOf: (view: string) => Supergraph, log: Logger): Planner {
  const planners = new Map<string, ViewPlanner>()
  return {
    async plan(operation, overrides, decided) {
      try {
        const plan = planners.get(operation.view) ?? viewPlanner(supergraphOf(operation.view))
        planners.set(operation.view, plan)
        return plan(questionOf(operation, overrides, decided))
      } catch (error) {
        log.error({ err: error, operation: operation.hash }, 'planning failed')
        throw codedError('OPERATION_PLANNING_FAILED')
      }
    },
  }
}
