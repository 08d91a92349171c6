import { hasLeiCheckDigits } from './check-digits.ts'
import { stringScalar } from './string-scalar.ts'

export const LEI = stringScalar({
  name: 'LEI',
  description: 'A Legal Entity Identifier (ISO 17442), its check digits verified.',
  parse: (text) => {
    if (!/^[A-Z0-9]{18}\d{2}$/.test(text) || !hasLeiCheckDigits(text)) {
      throw new Error('an LEI of 20 characters with valid check digits')
    }
    return text
  },
})
