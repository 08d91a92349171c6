import { isCalendarDate } from './date.ts'
import { stringScalar } from './string-scalar.ts'

const form = /^(\d{4}-\d{2}-\d{2})[Tt]([01]\d|2[0-3]):([0-5]\d):([0-5]\d)(?:\.(\d{1,6}))?([Zz]|[+-]\d{2}:\d{2})$/

/**
 * The canonical form of an RFC 3339 instant: UTC, with milliseconds, or microseconds where they are not zero.
 * Throws an Error that says what was expected for anything else.
 */
export function canonicalDateTime(text: string): string {
  const match = form.exec(text)
  if (!match || !isCalendarDate(match[1]!)) {
    throw new Error('an RFC 3339 instant with up to microseconds, such as "2024-01-16T18:00:00.000Z"')
  }
  const micros = (match[5] ?? '').padEnd(6, '0')
  const offset = match[6]!.toUpperCase()
  const instant = new Date(`${match[1]}T${match[2]}:${match[3]}:${match[4]}.${micros.slice(0, 3)}${offset}`)
  if (Number.isNaN(instant.getTime())) throw new Error('an offset between -23:59 and +23:59')
  const utc = instant.toISOString()
  if (!isCalendarDate(utc.slice(0, -'T00:00:00.000Z'.length))) throw new Error('an instant of the years 1 to 9999')
  return micros.endsWith('000') ? utc : utc.replace('Z', `${micros.slice(3)}Z`)
}

export const DateTime = stringScalar({
  name: 'DateTime',
  description: 'An instant, RFC 3339 in UTC with milliseconds or microseconds.',
  parse: canonicalDateTime,
  fromInternal: (value) => (value instanceof Date ? value.toISOString() : undefined),
})
