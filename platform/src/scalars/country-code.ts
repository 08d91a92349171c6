import { stringScalar } from './string-scalar.ts'

const names = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' })
// Regions that CLDR names beside the countries of ISO 3166-1.
const notCountries = new Set(['EU', 'EZ', 'UN', 'QO', 'XA', 'XB', 'ZZ', 'AC', 'CP', 'CQ', 'DG', 'EA', 'IC', 'TA', 'XK'])

export const CountryCode = stringScalar({
  name: 'CountryCode',
  description: 'An ISO 3166-1 alpha-2 country code.',
  parse: (text) => {
    if (!/^[A-Z]{2}$/.test(text) || notCountries.has(text) || names.of(text) === undefined) {
      throw new Error('an ISO 3166-1 alpha-2 country code, such as "US"')
    }
    return text
  },
})
