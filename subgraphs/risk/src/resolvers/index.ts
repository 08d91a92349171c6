import type { Resolvers } from '../generated/graphql.ts'
import { RiskReport } from './RiskReport.ts'
import { ShareClass } from './ShareClass.ts'
import { ValueAtRiskEstimate } from './ValueAtRiskEstimate.ts'

export const resolvers = { RiskReport, ShareClass, ValueAtRiskEstimate } satisfies Resolvers
