import { isCalendarDate } from '@fundmesh/platform/scalars/date'
import { canonicalDecimal } from '@fundmesh/platform/scalars/decimal'

/** The outcome of checking one text: the value in our form, or why it is refused. */
export type Checked = { readonly value: string } | { readonly reason: string }

/** Gold and silver hold numeric(38, 10): what does not fit would be rounded, and is refused instead. */
const maxScale = 10
const maxWholeDigits = 28

/** A price or a rate: a plain positive decimal number. `name` is what the reason calls it. */
export function checkPositiveDecimal(text: string, name: string): Checked {
  let value: string
  try {
    value = canonicalDecimal(text)
  } catch (error) {
    return { reason: `${name} ${quoted(text)}: expected ${(error as Error).message}` }
  }
  if (value === '0') return { reason: `${name} is zero` }
  if (value.startsWith('-')) return { reason: `${name} ${quoted(text)} is negative` }
  const [whole, fraction = ''] = value.split('.') as [string, string?]
  if (whole.length > maxWholeDigits)
    return { reason: `${name} has more than ${maxWholeDigits} digits before the point` }
  if (fraction.length > maxScale)
    return { reason: `${name} ${quoted(text)} has more than ${maxScale} digits after the point` }
  return { value }
}

/** How a source writes its dates. */
export interface DateForm {
  readonly name: string
  /** With the groups `year`, `month` and `day`. */
  readonly pattern: RegExp
}

export const isoDates: DateForm = { name: 'YYYY-MM-DD', pattern: /^(?<year>\d{4})-(?<month>\d{2})-(?<day>\d{2})$/ }
export const americanDates: DateForm = {
  name: 'M/D/YYYY',
  pattern: /^(?<month>\d{1,2})\/(?<day>\d{1,2})\/(?<year>\d{4})$/,
}

/** A day on the calendar, not after `lastDay`; the value is `YYYY-MM-DD`. */
export function checkDay(text: string, form: DateForm, lastDay: string): Checked {
  const parts = form.pattern.exec(text)?.groups
  if (!parts) return { reason: `date ${quoted(text)}: expected ${form.name}` }
  const day = `${parts.year}-${parts.month!.padStart(2, '0')}-${parts.day!.padStart(2, '0')}`
  if (!isCalendarDate(day)) return { reason: `date ${quoted(text)}: there is no such day` }
  if (day > lastDay) return { reason: `date ${quoted(text)} is in the future` }
  return { value: day }
}

/** The latest day that it is anywhere on earth (UTC+14) at an instant: a value for a later day cannot be true yet. */
export function latestDayAt(instant: Date): string {
  return new Date(instant.getTime() + 14 * 3_600_000).toISOString().slice(0, 10)
}

/** A text as a reason shows it: cut, so that one bad cell does not fill a page. */
function quoted(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text)
}
