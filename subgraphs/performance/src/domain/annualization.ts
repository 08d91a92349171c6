import { daysBetween, yearsAfter } from './calendar-day.ts'
import type { AnnualizationYears } from './period.ts'

/** Days of a year in the count Act/365.25. */
const daysPerYear = 365.25

/**
 * (1 + R)^(1/years) - 1, in IEEE doubles. `null` for less than a year, which is never annualized (GIPS): the span from
 * the base value's day must reach the same day of the next year.
 */
export function annualize(cumulative: number, years: AnnualizationYears, from: string, to: string): number | null {
  if (years === null) return null
  if (years === 'ACT/365.25') {
    if (to < yearsAfter(from, 1)) return null
    return compoundRate(cumulative, daysBetween(from, to) / daysPerYear)
  }
  return compoundRate(cumulative, years)
}

// By logarithms: 1 + R would lose the digits of a small return.
const compoundRate = (cumulative: number, years: number) =>
  years === 1 ? cumulative : Math.expm1(Math.log1p(cumulative) / years)
