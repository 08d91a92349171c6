/** Trading days of a year. */
export const TRADING_DAYS = 252

/** Returns that a sample standard deviation needs. */
export const VOLATILITY_NEEDS = 2

/**
 * Annualized volatility: sd(r) × √252 with the sample standard deviation (divided by n - 1), a fraction. In two passes,
 * the mean first, so that nothing is lost by cancellation. `null` below 2 returns.
 */
export function volatility(returns: readonly number[]): number | null {
  const n = returns.length
  if (n < VOLATILITY_NEEDS) return null
  const mean = returns.reduce((sum, r) => sum + r, 0) / n
  const squares = returns.reduce((sum, r) => sum + (r - mean) ** 2, 0)
  return Math.sqrt(squares / (n - 1)) * Math.sqrt(TRADING_DAYS)
}
