import type { AnnualizationYears } from './period.ts'
import type { PeriodReturn } from './period-return.ts'
import { MAX_AGE_DAYS } from './staleness.ts'

/** One convention that a number follows. */
export interface Convention {
  readonly name: string
  readonly value: string
}

const lastNav = `last NAV on or before the day, at most ${MAX_AGE_DAYS} days older`

/** The conventions that a return follows. */
export function conventionsOf({ baseRule, years, converted }: PeriodReturn): readonly Convention[] {
  const conventions = [
    { name: 'return', value: 'NAV(end) / NAV(base) - 1; distributions are not reinvested' },
    { name: 'base', value: baseRule === 'INCEPTION' ? 'first NAV' : lastNav },
    { name: 'end', value: lastNav },
    { name: 'annualization', value: annualizationOf(years) },
    { name: 'arithmetic', value: 'decimal ratio, rounded once to an IEEE double' },
  ]
  if (!converted) return conventions
  const value = `ECB euro reference rate of the NAV's day or the last before it, at most ${MAX_AGE_DAYS} days older`
  return [...conventions, { name: 'currencyConversion', value }]
}

function annualizationOf(years: AnnualizationYears): string {
  if (years === null) return 'none: a to-date period'
  if (years === 'ACT/365.25') return '(1 + cumulative)^(1/years) - 1, years by Act/365.25; none under one year'
  return `(1 + cumulative)^(1/years) - 1, years = ${years}`
}
