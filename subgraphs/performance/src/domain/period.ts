import { previousMonthEnd, previousQuarterEnd, yearEnd, yearOf, yearsBefore } from './calendar-day.ts'

/** The spans of time that a return may be asked for. */
export type Period = 'MTD' | 'QTD' | 'YTD' | 'Y1' | 'Y3' | 'Y5' | 'Y10' | 'SINCE_INCEPTION' | 'CALENDAR_YEAR'

/** Length for annualizing: whole years, Act/365.25 between the dates, or `null` where a period is never annualized. */
export type AnnualizationYears = number | 'ACT/365.25' | null

/** A period laid on the calendar. */
export interface Span {
  /** The day whose value is the base; `null` where the first NAV is. */
  readonly baseDay: string | null
  /** The last day, inclusive. */
  readonly lastDay: string
  readonly years: AnnualizationYears
  /**
   * Whether the first NAV stands in where the share class began after the base day. So for the to-date periods: a share
   * class that began in May has a year to date, from May. A period of a stated length is never shortened.
   */
  readonly inceptionStandsIn: boolean
}

interface PeriodRule {
  readonly baseDay: (end: string) => string | null
  readonly lastDay: (end: string) => string
  readonly years: AnnualizationYears
  readonly inceptionStandsIn: boolean
}

const itself = (end: string) => end

const toDate = (baseDay: (end: string) => string): PeriodRule => ({
  baseDay,
  lastDay: itself,
  years: null,
  inceptionStandsIn: true,
})

const trailingYears = (years: number): PeriodRule => ({
  baseDay: (end) => yearsBefore(end, years),
  lastDay: itself,
  years,
  inceptionStandsIn: false,
})

// The calendar year is whole, also where the period is asked for in the middle of it: it is incomplete then.
const rules: Record<Period, PeriodRule> = {
  MTD: toDate(previousMonthEnd),
  QTD: toDate(previousQuarterEnd),
  YTD: toDate((end) => yearEnd(yearOf(end) - 1)),
  Y1: trailingYears(1),
  Y3: trailingYears(3),
  Y5: trailingYears(5),
  Y10: trailingYears(10),
  SINCE_INCEPTION: { baseDay: () => null, lastDay: itself, years: 'ACT/365.25', inceptionStandsIn: true },
  CALENDAR_YEAR: {
    baseDay: (end) => yearEnd(yearOf(end) - 1),
    lastDay: (end) => yearEnd(yearOf(end)),
    years: 1,
    inceptionStandsIn: false,
  },
}

/** The period as it ends on a day (`CALENDAR_YEAR`: the whole calendar year of that day). */
export function spanOf(period: Period, end: string): Span {
  const { baseDay, lastDay, years, inceptionStandsIn } = rules[period]
  return { baseDay: baseDay(end), lastDay: lastDay(end), years, inceptionStandsIn }
}
