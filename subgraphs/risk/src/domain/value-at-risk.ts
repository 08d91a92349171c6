import { Decimal } from 'decimal.js'
import { quantile } from './quantile.ts'

/** A loss that is not exceeded with the given confidence. */
export interface ValueAtRiskEstimate {
  /** A positive fraction of the value; negative where even that quantile is a gain. */
  readonly value: number
  /** Decimal text. */
  readonly confidence: string
  /** Trading days. */
  readonly horizonDays: number
}

/** Returns that an estimate needs: at 95 % fewer would leave nothing beyond the quantile. */
export const VALUE_AT_RISK_NEEDS = 20

/** Whether decimal text is a confidence level: between 0.5 and 1, both excluded. */
export const isConfidence = (text: string): boolean => new Decimal(text).gt(0.5) && new Decimal(text).lt(1)

/**
 * One-day value at risk by historical simulation: the negative of the (1 - confidence) quantile of the returns, type 7.
 * `confidence` is decimal text that `isConfidence`. `null` below 20 returns.
 */
export function historicalValueAtRisk(returns: readonly number[], confidence: string): ValueAtRiskEstimate | null {
  if (returns.length < VALUE_AT_RISK_NEEDS) return null
  // In decimal: 1 - 0.95 is not 0.05 in binary, and would shift the interpolation.
  const tail = new Decimal(1).minus(confidence).toNumber()
  return { value: -quantile(returns, tail), confidence, horizonDays: 1 }
}
