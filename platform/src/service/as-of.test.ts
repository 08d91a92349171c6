import { describe, expect, it } from 'vitest'
import { resolveAsOf } from './as-of.ts'

const operation = '2024-01-16T18:00:00.000Z'

describe('resolveAsOf', () => {
  it('asks for the knowledge of the operation, and for its day', () => {
    const expected = { validAt: '2024-01-16', knownAt: operation }
    for (const input of [undefined, null, {}, { validAt: null, knownAt: null }]) {
      expect(resolveAsOf(input, operation)).toEqual(expected)
    }
  })

  it('takes what was asked for', () => {
    const asked = { validAt: '2020-02-29', knownAt: '2021-01-01T00:00:00.000Z' }
    expect(resolveAsOf(asked, operation)).toEqual(asked)
  })

  it('takes the day of a past knownAt for today, so that the answer stays the same for ever', () => {
    expect(resolveAsOf({ knownAt: '2021-03-04T00:00:00.000Z' }, operation).validAt).toBe('2021-03-04')
  })

  it('takes a day after knownAt: what was known then about it', () => {
    expect(resolveAsOf({ validAt: '2030-01-01' }, operation).validAt).toBe('2030-01-01')
  })

  it('takes the instant of the operation itself', () => {
    expect(resolveAsOf({ knownAt: operation }, operation).knownAt).toBe(operation)
  })

  it.each([
    ['2024-01-16T18:00:00.001Z', operation],
    // One microsecond later, though the text sorts before: "1" < "Z".
    ['2024-01-16T18:00:00.000001Z', operation],
    ['2024-01-16T18:00:00.001Z', '2024-01-16T18:00:00.000999Z'],
  ])('refuses the knownAt %s in an operation of %s, naming both', (later, of) => {
    expect(() => resolveAsOf({ knownAt: later }, of)).toThrow(
      `asOf.knownAt: expected an instant not after this operation's own, ${of}; got ${later}`,
    )
  })

  it('takes an earlier microsecond', () => {
    expect(resolveAsOf({ knownAt: '2024-01-16T17:59:59.999999Z' }, operation).validAt).toBe('2024-01-16')
  })
})
