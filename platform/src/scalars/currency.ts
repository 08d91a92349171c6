import { stringScalar } from './string-scalar.ts'

// ICU's list is ISO 4217's, and is kept current with Node.
const codes = new Set(Intl.supportedValuesOf('currency'))

export const Currency = stringScalar({
  name: 'Currency',
  description: 'An ISO 4217 currency code.',
  parse: (text) => {
    if (!codes.has(text)) throw new Error('an ISO 4217 currency code, such as "USD"')
    return text
  },
})
