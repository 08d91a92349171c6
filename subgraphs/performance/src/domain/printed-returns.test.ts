import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { yearEnd } from './calendar-day.ts'
import { periodReturn } from './period-return.ts'

const table = (name: string) => {
  const text = readFileSync(new URL(`../../fixtures/${name}`, import.meta.url), 'utf8')
  return text
    .trimEnd()
    .split('\n')
    .map((line) => line.split(','))
}

const [[, ...ids] = [], ...days] = table('tsp-year-end-prices.csv')
const navs = new Map(
  ids.map((id, column) => [
    id,
    days
      .map(([date, ...prices]) => ({ date: date!, price: prices[column]!, currency: 'USD' }))
      .filter(({ price }) => price !== ''),
  ]),
)

// What each source is, and what it prints: fixtures/README.md.
describe('a calendar-year return rounds to the one that is printed', () => {
  const [, ...printed] = table('tsp-printed-annual-returns.csv')
  it.each(printed)('%s %s: %s %% (%s)', (year, id, percent) => {
    const history = { navs: navs.get(id!)!, currency: 'USD', rates: new Map() }
    const { cumulative, reasonIncomplete } = periodReturn(history, 'CALENDAR_YEAR', yearEnd(Number(year)))
    expect(reasonIncomplete).toBeNull()
    expect((cumulative! * 100).toFixed(2)).toBe(percent)
  })
})
