import { Decimal as DecimalNumber } from 'decimal.js'
import { canonicalDecimal } from './decimal.ts'
import { stringScalar } from './string-scalar.ts'

/** Digits of a double that are meaningful after arithmetic. */
const significantDigits = 15

/** The decimal string of a ratio that was computed as a double. Throws a RangeError for NaN and infinities. */
export function fractionOf(ratio: number): string {
  if (!Number.isFinite(ratio)) throw new RangeError(`a Fraction is finite; got ${ratio}`)
  return canonicalDecimal(new DecimalNumber(ratio).toSignificantDigits(significantDigits).toDecimalPlaces(18).toFixed())
}

export const Fraction = stringScalar({
  name: 'Fraction',
  description: 'A ratio as a canonical decimal string: "0.01" is 1 per cent.',
  parse: canonicalDecimal,
  fromInternal: (value) => (typeof value === 'number' ? fractionOf(value) : undefined),
})
