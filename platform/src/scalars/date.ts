import { stringScalar } from './string-scalar.ts'

/** Whether the text is a day that exists, `YYYY-MM-DD`, from the year 1 (proleptic Gregorian calendar, as SQL has it). */
export function isCalendarDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text) || text.startsWith('0000')) return false
  const day = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text)
}

// Named with a suffix: `Date` is the language's own.
export const DateScalar = stringScalar({
  name: 'Date',
  description: 'A calendar date, YYYY-MM-DD, without a time zone.',
  parse: (text) => {
    if (!isCalendarDate(text)) throw new Error('an existing day, YYYY-MM-DD')
    return text
  },
})
