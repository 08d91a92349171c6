import { GraphQLError } from 'graphql'
import { LRUCache } from 'lru-cache'
import { codedError } from '../errors/catalogue.ts'
import { fetchesOf } from './fetches.ts'
import type { Plan, Planner } from './planner.ts'

const mostPlans = 2_000
/** Characters of all plans together: what a fetch sends, and as much again as its other parts may have. */
const mostCharacters = 32_000_000
const charactersOf = (plan: Plan) =>
  fetchesOf(plan.node).reduce((sum, { operation }) => sum + 2 * operation.length + 500, 500)

/** Milliseconds for which an operation that was too hard to plan is not tried again. */
const refusalMs = 30_000

/**
 * Remembers plans by view and by what was left of an operation: the same for every tenant, as a plan holds no values,
 * but for the conditions that were decided for it.
 * Whoever asks for one that is being made waits for that one.
 */
export function withPlanCache(planner: Planner): Planner {
  const plans = new LRUCache<string, Plan>({
    max: mostPlans,
    maxSize: mostCharacters,
    sizeCalculation: charactersOf,
  })
  const making = new Map<string, Promise<Plan>>()
  const tooHard = new LRUCache<string, true>({ max: mostPlans, ttl: refusalMs })

  const make = async (key: string, ...asked: Parameters<Planner['plan']>) => {
    try {
      const plan = await planner.plan(...asked)
      plans.set(key, plan)
      return plan
    } catch (error) {
      if (error instanceof GraphQLError && error.extensions.code === 'OPERATION_PLANNING_TIMEOUT')
        tooHard.set(key, true)
      throw error
    } finally {
      making.delete(key)
    }
  }

  return {
    async plan(operation, overrides = [], decided = []) {
      const conditions = decided.map(([name, value]) => `$${name}=${value}`)
      // A label may look like what was left of an operation: what joins them is in neither.
      const key = [operation.view, operation.planKey, ...overrides, ...conditions].join('\n')
      const known = plans.get(key)
      if (known) return known
      if (tooHard.has(key)) throw codedError('OPERATION_PLANNING_TIMEOUT')
      const begun = making.get(key) ?? make(key, operation, overrides, decided)
      making.set(key, begun)
      return begun
    },
  }
}
