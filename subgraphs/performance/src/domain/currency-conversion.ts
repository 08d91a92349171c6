import { Decimal } from 'decimal.js'
import { type Dated, lastIndexOnOrBefore } from './dated.ts'
import type { Nav } from './nav.ts'
import { isStale, MAX_AGE_DAYS } from './staleness.ts'

/** An ECB euro foreign exchange reference rate: units of the currency per euro, decimal text. */
export interface FxRate extends Dated {
  readonly rate: string
}

/** Reference rates by currency, each with ascending dates. The euro itself has none: it is 1. */
export type FxRates = ReadonlyMap<string, readonly FxRate[]>

/** Forty digits: above what amounts (38) and rates (20) hold, so that a conversion rounds once, far behind the digits shown. */
export const ExactDecimal = Decimal.clone({ precision: 40, rounding: Decimal.ROUND_HALF_EVEN })

/** A price in the currency wanted, or why there is none. */
export type Converted = { readonly price: Decimal } | { readonly missing: string }

/**
 * The NAV in another currency: price × rate(target) / rate(NAV's currency), cross rates through the euro, each rate of
 * the NAV's own day or the last one before it, which may be `MAX_AGE_DAYS` old (the ECB stops a series when it ends).
 */
export function convert(nav: Nav, target: string, rates: FxRates): Converted {
  const price = new ExactDecimal(nav.price)
  if (nav.currency === target) return { price }
  const numerator = perEuro(target, nav.date, rates)
  const denominator = perEuro(nav.currency, nav.date, rates)
  if (numerator === undefined) return { missing: missingRate(target, nav.date) }
  if (denominator === undefined) return { missing: missingRate(nav.currency, nav.date) }
  return { price: price.times(numerator).div(denominator) }
}

function perEuro(currency: string, date: string, rates: FxRates): Decimal | undefined {
  if (currency === 'EUR') return new ExactDecimal(1)
  const series = rates.get(currency) ?? []
  const rate = series[lastIndexOnOrBefore(series, date)]
  return rate === undefined || isStale(rate.date, date) ? undefined : new ExactDecimal(rate.rate)
}

const missingRate = (currency: string, date: string) =>
  `no ECB reference rate of ${currency} in the ${MAX_AGE_DAYS} days up to ${date}`
