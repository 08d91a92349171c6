import { stringScalar } from './string-scalar.ts'

const form = /^([+-]?)(\d+)(?:\.(\d+))?$/
const maxDigits = 38
const maxScale = 18

/**
 * The canonical form of a decimal number: no exponent, no plus sign, no leading or trailing zeros, `-0` is `0`.
 * Throws an Error that says what was expected for anything else, and for more than 38 digits or a scale above 18.
 */
export function canonicalDecimal(text: string): string {
  const match = form.exec(text)
  if (!match) throw new Error('a decimal number without exponent, such as "26.662"')
  const whole = match[2]!.replace(/^0+(?=\d)/, '')
  const fraction = (match[3] ?? '').replace(/0+$/, '')
  if (fraction.length > maxScale) throw new Error(`at most ${maxScale} digits after the point`)
  if ((whole === '0' ? 0 : whole.length) + fraction.length > maxDigits) throw new Error(`at most ${maxDigits} digits`)
  const magnitude = fraction ? `${whole}.${fraction}` : whole
  return match[1] === '-' && magnitude !== '0' ? `-${magnitude}` : magnitude
}

export const Decimal = stringScalar({
  name: 'Decimal',
  description: 'A decimal number as a canonical string: at most 38 digits, at most 18 after the point.',
  parse: canonicalDecimal,
})
