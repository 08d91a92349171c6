import type { Caller } from '@fundmesh/platform/identity/caller'
import type { Logger } from '@fundmesh/platform/telemetry/log'
import type { LoadedSupergraph } from '../supergraph/supergraph.ts'
import { openBuckets } from './buckets.ts'
import { budgetOf, type ChargeFor } from './budget.ts'
import { readBudgets } from './budgets-file.ts'
import { type Asked, costOf } from './cost.ts'
import { costModel } from './cost-model.ts'
import { type StreamBudget, streamBudget } from './stream-budget.ts'

type Weighed = Pick<LoadedSupergraph, 'supergraph' | 'supergraphSchema'>

/** What the operations of one graph cost. */
export interface GraphBudget {
  readonly charge: ChargeFor
  /** What an operation is expected to cost, in the cost model's measure. */
  costOf(operation: Asked): number
}

export interface OpenBudgets {
  of(loaded: Weighed): GraphBudget
  readonly streams: StreamBudget
  close(): void
}

/** Opens the budgets of a file, whatever graph is paid for. Throws an Error that names the file and each place that is wrong. */
export function openBudgets(options: {
  readonly file: string
  readonly audienceOf: (caller: Caller) => string
  /** The names that there are of them. */
  readonly audiences: readonly string[]
  readonly redisUrl: string | undefined
  readonly prefix: string
  readonly log: Logger
}): OpenBudgets {
  const { file, audienceOf, audiences, redisUrl, prefix, log } = options
  const budgets = readBudgets(file, audienceOf, audiences)
  const buckets = openBuckets({ redisUrl, prefix, log })
  return {
    of({ supergraph, supergraphSchema }) {
      const model = costModel(supergraph, supergraphSchema)
      return {
        charge: budgetOf({ model, budgets, buckets, log }),
        costOf: (operation) => costOf(model, operation).estimate,
      }
    },
    streams: streamBudget(budgets),
    close: () => buckets.close(),
  }
}
