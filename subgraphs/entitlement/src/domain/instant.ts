import { Refusal } from './refusal.ts'

/** An instant, RFC 3339 in UTC with exactly six decimals of a second, so that the order of the texts is that of time. */
export type Instant = string

/** What windows may name: enough for every contract, and safe in events, which end in the year 2255. */
export const EARLIEST: Instant = '1900-01-01T00:00:00.000000Z'
export const LATEST: Instant = '2200-01-01T00:00:00.000000Z'

/** The instant of a canonical DateTime (milliseconds or microseconds, `Z`). */
export function instant(dateTime: string): Instant {
  return `${dateTime.slice(0, -1).padEnd(26, '0')}Z`
}

/** What somebody wrote as a bound of a window; null where nothing. Throws Refusal. */
export function instantOfInput(field: string, dateTime: string | null | undefined): Instant | null {
  if (dateTime == null) return null
  const at = instant(dateTime)
  // A text of another length has a year of other than four digits.
  if (at.length !== EARLIEST.length || at < EARLIEST || at >= LATEST) {
    throw new Refusal(`${field}: expected an instant from the year 1900 to 2199; got ${dateTime}`)
  }
  return at
}
