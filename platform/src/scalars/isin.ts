import { hasIsinCheckDigit } from './check-digits.ts'
import { stringScalar } from './string-scalar.ts'

/** Whether the text is an ISIN whose check digit is right. */
export const isIsin = (text: string): boolean => /^[A-Z]{2}[A-Z0-9]{9}\d$/.test(text) && hasIsinCheckDigit(text)

export const ISIN = stringScalar({
  name: 'ISIN',
  description: 'An International Securities Identification Number (ISO 6166), its check digit verified.',
  parse: (text) => {
    if (!isIsin(text)) throw new Error('an ISIN of 12 characters with a valid check digit')
    return text
  },
})
