import type { ValueAtRiskEstimateResolvers } from '../generated/graphql.ts'

export const ValueAtRiskEstimate: ValueAtRiskEstimateResolvers = {
  method: () => 'HISTORICAL',
}
