import { TRADING_DAYS } from './volatility.ts'

/** One convention that a number follows. */
export interface Convention {
  readonly name: string
  readonly value: string
}

/** The conventions that every risk report follows. */
export const conventions: readonly Convention[] = [
  { name: 'returns', value: 'simple, from NAV to NAV; missing days are not filled; distributions are not reinvested' },
  { name: 'currency', value: "the NAVs' own" },
  { name: 'standardDeviation', value: 'sample, n - 1' },
  { name: 'annualization', value: `standard deviation × √${TRADING_DAYS}` },
  { name: 'drawdown', value: 'positive depth; the first value counts as a peak' },
  { name: 'quantile', value: 'type 7, linear interpolation' },
  { name: 'valueAtRisk', value: 'negative quantile of one-day returns; no scaling of the horizon' },
  { name: 'arithmetic', value: 'IEEE doubles' },
]
