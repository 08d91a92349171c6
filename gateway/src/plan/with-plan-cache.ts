import { LRUCache } from 'lru-cache'
import type { Plan, Planner } from './planner.ts'

const cachedPlans = 1_000

/** Remembers plans by operation: the same for every tenant, as a plan holds neither values nor rights. */
export function withPlanCache(planner: Planner): Planner {
  const plans = new LRUCache<string, Promise<Plan>>({ max: cachedPlans })
  return {
    plan(operation) {
      const known = plans.get(operation.hash)
      if (known) return known
      const plan = planner.plan(operation)
      plans.set(operation.hash, plan)
      plan.catch(() => plans.delete(operation.hash))
      return plan
    },
  }
}
