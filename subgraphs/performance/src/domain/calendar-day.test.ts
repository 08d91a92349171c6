import { describe, expect, it } from 'vitest'
import {
  daysBetween,
  lastWeekdayOf,
  previousMonthEnd,
  previousQuarterEnd,
  yearEnd,
  yearsAfter,
  yearsBefore,
} from './calendar-day.ts'

describe('calendar days', () => {
  it('moves 29 February to the 28th in a year that has none', () => {
    expect(yearsBefore('2024-02-29', 1)).toBe('2023-02-28')
    expect(yearsBefore('2024-02-29', 4)).toBe('2020-02-29')
    expect(yearsAfter('2024-02-29', 1)).toBe('2025-02-28')
  })

  it('finds the end of the month, quarter and year before', () => {
    expect(previousMonthEnd('2024-03-31')).toBe('2024-02-29')
    expect(previousMonthEnd('2024-01-01')).toBe('2023-12-31')
    expect(['2024-01-01', '2024-03-31', '2024-04-01', '2024-12-31'].map(previousQuarterEnd)).toEqual([
      '2023-12-31',
      '2023-12-31',
      '2024-03-31',
      '2024-09-30',
    ])
    expect(yearEnd(999)).toBe('0999-12-31')
  })

  it('finds the last weekday of a year', () => {
    expect([2021, 2022, 2023, 2024].map(lastWeekdayOf)).toEqual([
      '2021-12-31',
      '2022-12-30',
      '2023-12-29',
      '2024-12-31',
    ])
  })

  it('counts days over a leap day, forwards and backwards', () => {
    expect(daysBetween('2024-02-28', '2024-03-01')).toBe(2)
    expect(daysBetween('2024-03-01', '2024-02-28')).toBe(-2)
  })
})
