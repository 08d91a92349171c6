import { describe, expect, it } from 'vitest'
import { fractionOf } from './fraction.ts'
import { scalars } from './scalars.ts'

const accepts = (name: string, given: unknown, canonical: unknown) =>
  it(`${name} takes ${JSON.stringify(given)} as ${JSON.stringify(canonical)}`, () => {
    expect(scalars[name]!.parseValue(given)).toBe(canonical)
  })
const refuses = (name: string, given: unknown) =>
  it(`${name} refuses ${JSON.stringify(given)} and says what it expects`, () => {
    expect(() => scalars[name]!.parseValue(given)).toThrow(new RegExp(`^${name} expects `))
  })

describe('scalars', () => {
  accepts('Decimal', '26.6620', '26.662')
  accepts('Decimal', '+007', '7')
  accepts('Decimal', '-0.000', '0')
  accepts('Decimal', `0.${'1'.repeat(18)}`, `0.${'1'.repeat(18)}`)
  accepts('Decimal', '9'.repeat(38), '9'.repeat(38))
  for (const bad of ['1e3', '', '.5', '1.', 'NaN', 26.662, null, '9'.repeat(39), `0.${'1'.repeat(19)}`, '1,5'])
    refuses('Decimal', bad)

  accepts('Date', '2024-02-29', '2024-02-29')
  for (const bad of ['2023-02-29', '2024-13-01', '2024-1-1', '2024-01-01T00:00:00Z', 20240101, '0000-01-01'])
    refuses('Date', bad)

  accepts('DateTime', '2024-01-16T18:00:00Z', '2024-01-16T18:00:00.000Z')
  accepts('DateTime', '2024-01-16T18:00:00.123456Z', '2024-01-16T18:00:00.123456Z')
  accepts('DateTime', '2024-01-16T19:00:00.5+01:00', '2024-01-16T18:00:00.500Z')
  for (const bad of ['2024-01-16', '2024-01-16T18:00:00', '2024-02-30T00:00:00Z', '2024-01-16T24:00:00Z', 'now'])
    refuses('DateTime', bad)
  // Years that SQL does not have, reached through the offset.
  for (const bad of ['0001-01-01T00:00:00+01:00', '9999-12-31T23:30:00-01:00']) refuses('DateTime', bad)

  accepts('Currency', 'USD', 'USD')
  for (const bad of ['usd', 'XXZ', 'US', 840]) refuses('Currency', bad)
  accepts('CountryCode', 'IN', 'IN')
  for (const bad of ['in', 'ZZ', 'EU', 'IND']) refuses('CountryCode', bad)

  // Apple's and a fund's ISIN; the digits before the last are right, the last is not.
  accepts('ISIN', 'US0378331005', 'US0378331005')
  accepts('ISIN', 'INF200K01QX4', 'INF200K01QX4')
  for (const bad of ['US0378331006', 'US037833100', 'us0378331005', '']) refuses('ISIN', bad)
  // GLEIF's own LEI.
  accepts('LEI', '506700GE1G29325QX363', '506700GE1G29325QX363')
  for (const bad of ['506700GE1G29325QX364', '506700GE1G29325QX3', '']) refuses('LEI', bad)

  accepts('Cursor', 'aB-_9', 'aB-_9')
  for (const bad of ['', 'a b', 'a'.repeat(2049)]) refuses('Cursor', bad)

  it('gives a computed ratio with 15 significant digits and no exponent', () => {
    expect(fractionOf(0.1 + 0.2)).toBe('0.3')
    expect(fractionOf(-1e-7)).toBe('-0.0000001')
    expect(fractionOf(-0)).toBe('0')
  })
  it('refuses to serve a ratio that is not finite', () => {
    expect(() => scalars.Fraction!.serialize(Number.NaN)).toThrow('finite')
  })
})
