import { describe, expect, it } from 'vitest'
import { convert, type FxRates } from './currency-conversion.ts'

const rates: FxRates = new Map([
  [
    'USD',
    [
      { date: '2022-06-01', rate: '1.0712' },
      { date: '2022-06-03', rate: '1.0730' },
    ],
  ],
  ['INR', [{ date: '2022-06-02', rate: '83.0365' }]],
])

const nav = (date: string, currency: string) => ({ date, price: '100', currency })

describe('convert', () => {
  it('leaves a price in its own currency alone, without any rate', () => {
    expect(JSON.stringify(convert(nav('1970-01-01', 'USD'), 'USD', new Map()))).toBe('{"price":"100"}')
  })

  it('takes the rate of the day, or the last before it', () => {
    const inDollars = (date: string) => JSON.stringify(convert(nav(date, 'EUR'), 'USD', rates))
    expect(inDollars('2022-06-02')).toBe('{"price":"107.12"}')
    expect(inDollars('2022-06-03')).toBe('{"price":"107.3"}')
  })

  it('crosses two currencies through the euro', () => {
    const converted = convert(nav('2022-06-02', 'USD'), 'INR', rates)
    expect('price' in converted && converted.price.toNumber()).toBeCloseTo((100 * 83.0365) / 1.0712, 12)
  })

  it('says which rate is missing: none yet, or one too old', () => {
    expect(convert(nav('2022-06-01', 'USD'), 'INR', rates)).toEqual({
      missing: 'no ECB reference rate of INR in the 10 days up to 2022-06-01',
    })
    expect(convert(nav('2022-06-14', 'USD'), 'EUR', rates)).toEqual({
      missing: 'no ECB reference rate of USD in the 10 days up to 2022-06-14',
    })
  })
})
