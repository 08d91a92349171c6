import { dailyReturns } from './daily-returns.ts'
import { DRAWDOWN_NEEDS, type Drawdown, maximumDrawdown } from './drawdown.ts'
import type { Nav } from './nav.ts'
import { historicalValueAtRisk, VALUE_AT_RISK_NEEDS, type ValueAtRiskEstimate } from './value-at-risk.ts'
import { VOLATILITY_NEEDS, volatility } from './volatility.ts'

/** The risk figures of a window; a figure for which there are too few returns is `null`, and the reason says so. */
export interface RiskFigures {
  /** Days of the first and the last NAV used; `null` where there is none. */
  readonly startDate: string | null
  readonly endDate: string | null
  /** Number of daily returns. */
  readonly observations: number
  readonly volatility: number | null
  readonly maximumDrawdown: Drawdown | null
  readonly valueAtRisk: ValueAtRiskEstimate | null
  readonly reasonIncomplete: string | null
}

/** The figures of these NAVs, by ascending day. `confidence` of the value at risk is decimal text between 0.5 and 1. */
export function riskFigures(navs: readonly Nav[], confidence: string): RiskFigures {
  const found = {
    startDate: navs[0]?.date ?? null,
    endDate: navs.at(-1)?.date ?? null,
    observations: Math.max(0, navs.length - 1),
  }
  const currencies = [...new Set(navs.map(({ currency }) => currency))]
  if (currencies.length > 1) {
    // A return across the change would be one of an exchange rate.
    const reasonIncomplete = `the NAVs are in several currencies: ${currencies.join(', ')}`
    return { ...found, volatility: null, maximumDrawdown: null, valueAtRisk: null, reasonIncomplete }
  }
  const returns = dailyReturns(navs)
  return {
    ...found,
    volatility: volatility(returns),
    maximumDrawdown: maximumDrawdown(navs),
    valueAtRisk: historicalValueAtRisk(returns, confidence),
    reasonIncomplete: shortage(returns.length),
  }
}

/** Daily returns that each figure needs. */
const needs = [
  ['the maximum drawdown', DRAWDOWN_NEEDS],
  ['the volatility', VOLATILITY_NEEDS],
  ['the value at risk', VALUE_AT_RISK_NEEDS],
] as const

function shortage(returns: number): string | null {
  const missing = needs.filter(([, needed]) => returns < needed).map(([figure, needed]) => `${figure} needs ${needed}`)
  return missing.length === 0 ? null : `daily returns in the window: ${returns}; ${missing.join(', ')}`
}
