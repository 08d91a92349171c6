import { stringScalar } from './string-scalar.ts'

export const Cursor = stringScalar({
  name: 'Cursor',
  description: 'An opaque position in a connection, signed by the service that made it.',
  parse: (text) => {
    if (!/^[A-Za-z0-9_-]{1,2048}$/.test(text)) throw new Error('a cursor that this API returned')
    return text
  },
})
