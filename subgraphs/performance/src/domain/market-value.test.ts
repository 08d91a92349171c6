import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { marketValue } from './market-value.ts'
import type { Nav } from './nav.ts'

const navs: Readonly<Record<string, Nav>> = {
  a: { date: '2023-12-05', price: '71.1348', currency: 'USD' },
  b: { date: '2023-12-05', price: '17.9052', currency: 'USD' },
}
const latest = (id: string) => navs[id] ?? null

describe('marketValue', () => {
  it('sums units times NAV without a rounding error', () => {
    const positions = [
      { shareClassId: 'a', units: '1000.5' },
      { shareClassId: 'b', units: '0.0001' },
    ]
    expect(marketValue(positions, latest, 'USD', new Map())).toBe('71170.36919052')
  })

  it('is nothing where a position has no NAV or a NAV no rate, and 0 where there are no positions', () => {
    expect(marketValue([{ shareClassId: 'c', units: '1' }], latest, 'USD', new Map())).toBeNull()
    expect(marketValue([{ shareClassId: 'a', units: '1' }], latest, 'EUR', new Map())).toBeNull()
    expect(marketValue([], latest, 'EUR', new Map())).toBe('0')
  })

  it('does not depend on how the units are spread over positions', () => {
    const units = fc.integer({ min: -1_000_000_000, max: 1_000_000_000 })
    fc.assert(
      fc.property(units, units, (first, second) => {
        const split = [first, second].map((cents) => ({ shareClassId: 'a', units: (cents / 100).toFixed(2) }))
        const whole = [{ shareClassId: 'a', units: ((first + second) / 100).toFixed(2) }]
        expect(marketValue(split, latest, 'USD', new Map())).toBe(marketValue(whole, latest, 'USD', new Map()))
      }),
    )
  })
})
