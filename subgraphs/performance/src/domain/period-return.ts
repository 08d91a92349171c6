import { annualize } from './annualization.ts'
import { lastWeekdayOf, yearOf } from './calendar-day.ts'
import { convert, type FxRates } from './currency-conversion.ts'
import { lastIndexOnOrBefore } from './dated.ts'
import type { NavSeries } from './nav.ts'
import { type AnnualizationYears, type Period, type Span, spanOf } from './period.ts'
import { isStale, MAX_AGE_DAYS } from './staleness.ts'

/** The NAVs, and in which currency they are to be seen. */
export interface History {
  /** Nothing later than the day asked about. */
  readonly navs: NavSeries
  /** ISO 4217; NAVs in another currency are converted into it. */
  readonly currency: string
  readonly rates: FxRates
}

/** How the base of a return was found. */
export type BaseRule = 'ON_OR_BEFORE' | 'INCEPTION'

/** The return of one period: numbers where it is complete, a reason where it is not. */
export interface PeriodReturn {
  readonly period: Period
  /** Day of the base NAV; `null` where there is none. */
  readonly startDate: string | null
  /** Day of the last NAV in the period; `null` where there is none. */
  readonly endDate: string | null
  /** A fraction, 0.01 is 1 per cent; `null` when incomplete. */
  readonly cumulative: number | null
  /** A fraction; `null` under a year and when incomplete. */
  readonly annualized: number | null
  /** Number of NAVs after the base up to the end. */
  readonly observations: number
  /** `null` when complete. */
  readonly reasonIncomplete: string | null
  readonly baseRule: BaseRule
  /** By what length it is annualized. */
  readonly years: AnnualizationYears
  /** Whether its base or its end is of another currency. */
  readonly converted: boolean
}

/**
 * Time-weighted return without external flows: NAV(end) / NAV(base) - 1, to which the product of the daily returns
 * telescopes (GIPS). Base is the last NAV on or before the span's base day, end the last NAV of the span. The ratio is
 * computed in decimal and rounded once to an IEEE double.
 *
 * A period is incomplete, and has no numbers, where the history does not reach back to its base, where no NAV lies in
 * it, where base or end is more than `MAX_AGE_DAYS` older than the day it stands for, where a calendar year is not over,
 * and where a reference rate is missing.
 */
export function periodReturn(history: History, period: Period, end: string): PeriodReturn {
  const { navs } = history
  const span = spanOf(period, end)
  const { firstInside, baseIndex, lastIndex, baseRule } = locate(navs, span)
  const base = navs[baseIndex]
  const last = lastIndex >= firstInside ? navs[lastIndex] : undefined
  const found = {
    period,
    startDate: base?.date ?? null,
    endDate: last?.date ?? null,
    observations: last ? lastIndex - baseIndex : 0,
    baseRule,
    years: span.years,
    converted: [base, last].some((nav) => nav !== undefined && nav.currency !== history.currency),
  }
  const incomplete = (reasonIncomplete: string): PeriodReturn => ({
    ...found,
    cumulative: null,
    annualized: null,
    reasonIncomplete,
  })

  const first = navs[0]
  if (!first) return incomplete('there is no NAV')
  if (!base) return incomplete(`the first NAV is of ${first.date}, after ${span.baseDay ?? span.lastDay}`)
  if (baseRule === 'ON_OR_BEFORE') {
    if (isStale(base.date, span.baseDay!)) return incomplete(tooOld(base.date, span.baseDay!))
    if (!last) return incomplete(`there is no NAV after ${span.baseDay} up to ${span.lastDay}`)
  }
  if (!last || found.observations === 0)
    return incomplete(`the first NAV, of ${base.date}, is the only one up to ${span.lastDay}`)
  if (period === 'CALENDAR_YEAR' && !isOver(yearOf(end), navs)) {
    return incomplete(`the year ${yearOf(end)} is not over: the last NAV is of ${last.date}`)
  }
  if (isStale(last.date, span.lastDay)) return incomplete(tooOld(last.date, span.lastDay))

  const from = convert(base, history.currency, history.rates)
  if ('missing' in from) return incomplete(from.missing)
  const to = convert(last, history.currency, history.rates)
  if ('missing' in to) return incomplete(to.missing)
  const cumulative = to.price.div(from.price).minus(1).toNumber()
  const annualized = annualize(cumulative, span.years, base.date, last.date)
  return { ...found, cumulative, annualized, reasonIncomplete: null }
}

/** Where the span lies in the history, as indices; `baseIndex` is -1 where there is no base. */
function locate(navs: NavSeries, span: Span) {
  const firstInside = span.baseDay === null ? 0 : lastIndexOnOrBefore(navs, span.baseDay) + 1
  const lastIndex = lastIndexOnOrBefore(navs, span.lastDay)
  const inception = firstInside === 0 && lastIndex >= 0 && span.inceptionStandsIn
  const baseRule: BaseRule = inception ? 'INCEPTION' : 'ON_OR_BEFORE'
  return { firstInside, lastIndex, baseIndex: inception ? 0 : firstInside - 1, baseRule }
}

/** A year is over when the history has its last weekday, or anything later. */
const isOver = (year: number, navs: NavSeries) => navs.at(-1)!.date >= lastWeekdayOf(year)

const tooOld = (date: string, day: string) =>
  `the last NAV on or before ${day} is of ${date}, more than ${MAX_AGE_DAYS} days earlier`
