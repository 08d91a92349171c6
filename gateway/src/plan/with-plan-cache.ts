import { LRUCache } from 'lru-cache'
import type { Plan, Planner } from './planner.ts'

const cachedPlans = 1_000

/** Remembers plans by what was left of an operation: the same for every tenant, as a plan holds no values. */
export function withPlanCache(planner: Planner): Planner {
  const plans = new LRUCache<string, Promise<Plan>>({ max: cachedPlans })
  return {
    plan(operation) {
      const known = plans.get(operation.planKey)
      if (known) return known
      const plan = planner.plan(operation)
      plans.set(operation.planKey, plan)
      plan.catch(() => plans.delete(operation.planKey))
      return plan
    },
  }
}
