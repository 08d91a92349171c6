import type { Decimal } from 'decimal.js'
import { convert, ExactDecimal, type FxRates } from './currency-conversion.ts'
import type { Nav } from './nav.ts'

/** A number of shares of one share class. */
export interface Position {
  readonly shareClassId: string
  /** Decimal text. */
  readonly units: string
}

/** Digits after the point of a market value: as many as a NAV has. */
const scale = 10

/**
 * Sum of units × NAV over the positions, each NAV converted at the reference rate of its own day. Exact decimal
 * arithmetic, rounded once at the end to 10 digits after the point (half to even); canonical decimal text.
 * `null` where a position has no NAV or a NAV no rate; 0 where there are no positions.
 */
export function marketValue(
  positions: readonly Position[],
  latestNav: (shareClassId: string) => Nav | null,
  currency: string,
  rates: FxRates,
): string | null {
  let sum: Decimal = new ExactDecimal(0)
  for (const { shareClassId, units } of positions) {
    const nav = latestNav(shareClassId)
    if (!nav) return null
    const converted = convert(nav, currency, rates)
    if ('missing' in converted) return null
    sum = sum.plus(converted.price.times(units))
  }
  return sum.toDecimalPlaces(scale).toFixed()
}
