import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Nav } from './nav.ts'
import { riskFigures } from './risk-figures.ts'

const series = (values: readonly number[], currency = 'USD'): readonly Nav[] =>
  values.map((value, index) => ({
    date: new Date(Date.UTC(2022, 0, 1 + index)).toISOString().slice(0, 10),
    value,
    currency,
  }))

/** The NAVs, from 100, whose daily returns these are. */
const grown = (returns: readonly number[]) => {
  const values = [100]
  for (const r of returns) values.push(values.at(-1)! * (1 + r))
  return series(values)
}

// Expected values from Python's statistics module: stdev and quantiles(method='inclusive'), which is type 7.
describe('risk figures of known returns', () => {
  const returns = [
    0.01, -0.02, 0.015, -0.005, 0.003, 0.02, -0.03, 0.007, -0.001, 0.004, 0.012, -0.018, 0.009, 0, -0.006, 0.011,
    -0.013, 0.002, 0.016, -0.009, 0.005,
  ]
  const figures = riskFigures(grown(returns), '0.95')

  it('have the sample standard deviation times the square root of 252', () => {
    expect(figures.volatility).toBeCloseTo(0.20573089218685656, 12)
  })

  it('have the type 7 quantile as value at risk, on an observation and between two', () => {
    expect(figures.valueAtRisk).toMatchObject({ confidence: '0.95', horizonDays: 1 })
    expect(figures.valueAtRisk!.value).toBeCloseTo(0.02, 12)
    expect(riskFigures(grown(returns), '0.975').valueAtRisk!.value).toBeCloseTo(0.025, 12)
    expect(riskFigures(grown(returns), '0.99').valueAtRisk!.value).toBeCloseTo(0.028, 12)
  })
})

describe('the maximum drawdown', () => {
  const of = (...values: number[]) => riskFigures(series(values), '0.95').maximumDrawdown

  it('has its peak, its trough and the first day on which the peak was reached again', () => {
    expect(of(10, 12, 9, 11, 12, 13)).toEqual({
      depth: 0.25,
      peakDate: '2022-01-02',
      troughDate: '2022-01-03',
      recoveryDate: '2022-01-05',
    })
  })

  it('may begin with the first value, and may not have recovered', () => {
    expect(of(10, 8, 9)).toEqual({ depth: 0.2, peakDate: '2022-01-01', troughDate: '2022-01-02', recoveryDate: null })
  })

  it('counts from the last time that the peak was reached', () => {
    expect(of(10, 9.9, 10, 5)).toMatchObject({ depth: 0.5, peakDate: '2022-01-03' })
  })

  it('is 0 where the series never fell', () => {
    expect(of(10, 10, 11)).toEqual({ depth: 0, peakDate: '2022-01-03', troughDate: '2022-01-03', recoveryDate: null })
  })
})

describe('a figure is left out, with the reason', () => {
  const reason = (count: number) => riskFigures(series(Array(count).fill(1)), '0.95').reasonIncomplete

  it('where the window has too few returns for it', () => {
    expect(reason(1)).toBe(
      'daily returns in the window: 0; the maximum drawdown needs 1, the volatility needs 2, the value at risk needs 20',
    )
    expect(reason(2)).toBe('daily returns in the window: 1; the volatility needs 2, the value at risk needs 20')
    expect(reason(20)).toBe('daily returns in the window: 19; the value at risk needs 20')
    expect(reason(21)).toBeNull()
  })

  it('where there is no NAV at all', () => {
    expect(riskFigures([], '0.95')).toMatchObject({
      startDate: null,
      endDate: null,
      observations: 0,
      volatility: null,
      maximumDrawdown: null,
      valueAtRisk: null,
    })
  })

  it('where the NAVs change their currency', () => {
    const changed = [...series([10, 11], 'DEM'), ...series([5, 6], 'EUR')]
    expect(riskFigures(changed, '0.95')).toMatchObject({
      volatility: null,
      reasonIncomplete: 'the NAVs are in several currencies: DEM, EUR',
    })
  })
})

const values = fc.array(
  fc.integer({ min: 5_000, max: 50_000 }).map((cents) => cents / 100),
  { minLength: 21, maxLength: 60 },
)

describe('for any history', () => {
  it('constant growth has no volatility', () => {
    fc.assert(
      fc.property(fc.double({ min: -0.05, max: 0.05, noNaN: true }), (rate) => {
        const { volatility } = riskFigures(grown(Array(30).fill(rate)), '0.95')
        expect(volatility).toBeLessThan(1e-13)
      }),
    )
  })

  it('no figure changes when every NAV is multiplied by the same factor', () => {
    fc.assert(
      fc.property(values, fc.integer({ min: 1, max: 20 }), (navs, exponent) => {
        // A power of two, so that the products are exact.
        const scaled = navs.map((value) => value * 2 ** exponent)
        expect(riskFigures(series(scaled), '0.95')).toEqual(riskFigures(series(navs), '0.95'))
      }),
    )
  })

  it('the deepest fall is the deepest of all pairs of an earlier and a later day', () => {
    fc.assert(
      fc.property(values, (navs) => {
        const falls = navs.flatMap((earlier, index) => navs.slice(index).map((later) => (earlier - later) / earlier))
        expect(riskFigures(series(navs), '0.95').maximumDrawdown!.depth).toBe(Math.max(0, ...falls))
      }),
    )
  })

  it('a higher confidence never has a lower value at risk, and none exceeds the worst return', () => {
    fc.assert(
      fc.property(values, (navs) => {
        const at = (confidence: string) => riskFigures(series(navs), confidence).valueAtRisk!.value
        const worst = Math.max(...navs.slice(1).map((value, index) => (navs[index]! - value) / navs[index]!))
        expect(at('0.9')).toBeLessThanOrEqual(at('0.95'))
        expect(at('0.95')).toBeLessThanOrEqual(at('0.999'))
        expect(at('0.999')).toBeLessThanOrEqual(worst)
      }),
    )
  })
})
