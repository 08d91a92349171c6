import { conventions } from '../domain/conventions.ts'
import type { RiskFigures } from '../domain/risk-figures.ts'
import type { RiskReportResolvers } from '../generated/graphql.ts'

/** Risk figures, and the knowledge they were computed from. */
export interface RiskAnswer extends RiskFigures {
  readonly knownAt: string
}

export const RiskReport: RiskReportResolvers = {
  conventions: () => [...conventions],
}
