import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { NavSeries } from './nav.ts'
import type { Period } from './period.ts'
import { type History, type PeriodReturn, periodReturn } from './period-return.ts'

const navs = (prices: Readonly<Record<string, string>>, currency = 'USD'): NavSeries =>
  Object.entries(prices).map(([date, price]) => ({ date, price, currency }))

const history = (series: NavSeries, currency = 'USD'): History => ({ navs: series, currency, rates: new Map() })

const returnOf = (prices: Readonly<Record<string, string>>, period: Period, end: string): PeriodReturn =>
  periodReturn(history(navs(prices)), period, end)

/** Every day from the first, for a number of days. */
function everyDay(first: string, prices: readonly string[]): NavSeries {
  const start = Date.parse(first)
  return prices.map((price, index) => ({
    date: new Date(start + index * 86_400_000).toISOString().slice(0, 10),
    price,
    currency: 'USD',
  }))
}

const twoYears = everyDay('2020-12-31', Array(731).fill('10'))

describe('the base of a period', () => {
  const prices = { '2021-12-30': '100', '2022-03-31': '110', '2022-05-27': '115', '2022-06-03': '121' }

  it('is the last NAV on or before the end of the previous month', () => {
    expect(returnOf(prices, 'MTD', '2022-06-03')).toMatchObject({
      startDate: '2022-05-27',
      endDate: '2022-06-03',
      cumulative: 6 / 115,
      observations: 1,
    })
  })

  it('is the last NAV on or before the end of the previous quarter', () => {
    expect(returnOf(prices, 'QTD', '2022-06-03')).toMatchObject({ startDate: '2022-03-31', cumulative: 0.1 })
  })

  it('is the last NAV on or before the end of the previous year', () => {
    expect(returnOf(prices, 'YTD', '2022-06-03')).toMatchObject({ startDate: '2021-12-30', cumulative: 0.21 })
  })

  it('is of 28 February, one year before 29 February', () => {
    const leap = { '2019-02-27': '8', '2019-02-28': '10', '2019-03-01': '12', '2020-02-29': '11' }
    expect(returnOf(leap, 'Y1', '2020-02-29')).toMatchObject({ startDate: '2019-02-28', cumulative: 0.1 })
  })

  it('is the first NAV where the share class began inside a to-date period', () => {
    const young = { '2022-05-02': '100', '2022-06-03': '103' }
    expect(returnOf(young, 'YTD', '2022-06-03')).toMatchObject({
      startDate: '2022-05-02',
      cumulative: 0.03,
      baseRule: 'INCEPTION',
      reasonIncomplete: null,
    })
  })
})

describe('annualizing', () => {
  it('is left out for to-date periods and for less than a year since inception', () => {
    expect(periodReturn(history(twoYears), 'YTD', '2022-12-31').annualized).toBeNull()
    expect(returnOf({ '2022-01-03': '10', '2022-12-30': '11' }, 'SINCE_INCEPTION', '2022-12-30')).toMatchObject({
      cumulative: 0.1,
      annualized: null,
    })
  })

  it('takes the stated number of years, and equals the cumulative return for one', () => {
    const prices = { '2019-12-31': '100', '2021-12-31': '110', '2022-12-30': '133.1' }
    expect(returnOf(prices, 'Y3', '2022-12-31').annualized).toBeCloseTo(0.1, 15)
    const one = returnOf(prices, 'Y1', '2022-12-31')
    expect(one.annualized).toBe(one.cumulative)
  })

  it('counts years by Act/365.25 since inception', () => {
    const since = returnOf({ '2000-01-01': '1', '2004-01-01': '2' }, 'SINCE_INCEPTION', '2004-01-01')
    expect(since.annualized).toBeCloseTo(2 ** (365.25 / 1461) - 1, 15)
  })
})

describe('an incomplete period has no numbers, and its reason', () => {
  const incomplete = (result: PeriodReturn) => {
    expect(result).toMatchObject({ cumulative: null, annualized: null })
    return result.reasonIncomplete
  }

  it('where the history is shorter than the stated length', () => {
    const result = periodReturn(history(twoYears), 'Y3', '2022-12-31')
    expect(incomplete(result)).toBe('the first NAV is of 2020-12-31, after 2019-12-31')
    expect(result).toMatchObject({ startDate: null, endDate: '2022-12-31', observations: 731 })
  })

  it('where a whole calendar year began after its base', () => {
    const young = everyDay('2022-05-02', Array(400).fill('10'))
    expect(incomplete(periodReturn(history(young), 'CALENDAR_YEAR', '2022-12-31'))).toContain('after 2021-12-31')
  })

  it('where a calendar year is not over', () => {
    const untilDecember = twoYears.filter(({ date }) => date <= '2022-12-28')
    expect(incomplete(periodReturn(history(untilDecember), 'CALENDAR_YEAR', '2022-12-31'))).toBe(
      'the year 2022 is not over: the last NAV is of 2022-12-28',
    )
    const untilLastWeekday = twoYears.filter(({ date }) => date <= '2022-12-30')
    expect(periodReturn(history(untilLastWeekday), 'CALENDAR_YEAR', '2022-12-31').reasonIncomplete).toBeNull()
  })

  it('where the base is more than ten days older than its day', () => {
    const gap = { '2021-12-20': '10', '2022-06-03': '11' }
    expect(incomplete(returnOf(gap, 'YTD', '2022-06-03'))).toBe(
      'the last NAV on or before 2021-12-31 is of 2021-12-20, more than 10 days earlier',
    )
  })

  it('where the last NAV is more than ten days older than the end asked for', () => {
    expect(incomplete(periodReturn(history(twoYears), 'Y1', '2023-01-11'))).toContain('is of 2022-12-31')
    expect(periodReturn(history(twoYears), 'Y1', '2023-01-10').reasonIncomplete).toBeNull()
  })

  it('where no NAV lies in it', () => {
    const result = returnOf({ '2022-04-29': '10', '2022-05-31': '11' }, 'MTD', '2022-06-01')
    expect(incomplete(result)).toBe('there is no NAV after 2022-05-31 up to 2022-06-01')
    expect(result).toMatchObject({ startDate: '2022-05-31', endDate: null, observations: 0 })
  })

  it('where there is one NAV only', () => {
    expect(incomplete(returnOf({ '2022-06-01': '10' }, 'SINCE_INCEPTION', '2022-06-01'))).toBe(
      'the first NAV, of 2022-06-01, is the only one up to 2022-06-01',
    )
  })

  it('where there is none, or none yet', () => {
    expect(incomplete(returnOf({}, 'Y1', '2022-06-01'))).toBe('there is no NAV')
    expect(incomplete(returnOf({ '2022-06-01': '10' }, 'YTD', '2022-05-01'))).toBe(
      'the first NAV is of 2022-06-01, after 2021-12-31',
    )
  })

  it('where a reference rate is missing', () => {
    const result = periodReturn(history(twoYears, 'EUR'), 'Y1', '2022-12-31')
    expect(incomplete(result)).toBe('no ECB reference rate of USD in the 10 days up to 2021-12-31')
  })
})

const price = fc.integer({ min: 5_000, max: 50_000 }).map((cents) => (cents / 100).toFixed(2))
const monthEnds = Array.from({ length: 13 }, (_, month) =>
  new Date(Date.UTC(2022, month, 0)).toISOString().slice(0, 10),
)
const monthlyNavs = fc
  .array(price, { minLength: monthEnds.length, maxLength: monthEnds.length })
  .map((prices) => navs(Object.fromEntries(prices.map((text, month) => [monthEnds[month]!, text]))))

describe('for any history', () => {
  it('a return does not change when every NAV is multiplied by the same factor', () => {
    fc.assert(
      fc.property(monthlyNavs, fc.integer({ min: 2, max: 1_000 }), (series, factor) => {
        const scaled = series.map((nav) => ({ ...nav, price: (Number(nav.price) * factor).toFixed(2) }))
        expect(periodReturn(history(scaled), 'YTD', '2022-12-31').cumulative).toBe(
          periodReturn(history(series), 'YTD', '2022-12-31').cumulative,
        )
      }),
    )
  })

  it('the returns of the months link to the return of the year', () => {
    fc.assert(
      fc.property(monthlyNavs, (series) => {
        const growth = monthEnds.slice(1).map((day) => 1 + periodReturn(history(series), 'MTD', day).cumulative!)
        const year = 1 + periodReturn(history(series), 'CALENDAR_YEAR', '2022-12-31').cumulative!
        expect(growth.reduce((product, factor) => product * factor, 1) / year).toBeCloseTo(1, 12)
      }),
    )
  })

  it('annualizing and compounding again gives the cumulative return', () => {
    fc.assert(
      fc.property(price, price, (from, to) => {
        const series = navs({ '2017-12-31': from, '2022-12-31': to })
        const { cumulative, annualized } = periodReturn(history(series), 'Y5', '2022-12-31')
        expect(((1 + annualized!) ** 5 / (1 + cumulative!)).toFixed(12)).toBe('1.000000000000')
      }),
    )
  })
})
