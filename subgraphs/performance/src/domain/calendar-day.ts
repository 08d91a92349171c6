/** Calendar arithmetic on `YYYY-MM-DD` text, which orders as the days do. ISO calendar, no time zones. */
import { Temporal } from 'temporal-polyfill'

const plain = (date: string) => Temporal.PlainDate.from(date)

/** The day a number of years earlier; 29 February becomes 28 February where the year has none. */
export const yearsBefore = (date: string, years: number): string => plain(date).subtract({ years }).toString()

/** The day a number of years later; 29 February becomes 28 February where the year has none. */
export const yearsAfter = (date: string, years: number): string => plain(date).add({ years }).toString()

/** The last day of the month before the day's own. */
export const previousMonthEnd = (date: string): string => plain(date).with({ day: 1 }).subtract({ days: 1 }).toString()

/** The last day of the calendar quarter before the day's own. */
export function previousQuarterEnd(date: string): string {
  const day = plain(date)
  const firstMonth = day.month - ((day.month - 1) % 3)
  return day.with({ month: firstMonth, day: 1 }).subtract({ days: 1 }).toString()
}

/** The calendar year of a day. */
export const yearOf = (date: string): number => Number(date.slice(0, 4))

/** The last day of a calendar year. */
export const yearEnd = (year: number): string => `${String(year).padStart(4, '0')}-12-31`

/** The last day of a calendar year that is neither Saturday nor Sunday. */
export function lastWeekdayOf(year: number): string {
  const end = plain(yearEnd(year))
  return end.subtract({ days: Math.max(0, end.dayOfWeek - 5) }).toString()
}

/** Days from the first day to the second; negative where the second is earlier. */
export const daysBetween = (from: string, to: string): number =>
  plain(from).until(plain(to), { largestUnit: 'day' }).days
