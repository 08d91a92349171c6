import { describe, expect, it } from 'vitest'
import { bearerToken, presentedToken } from './bearer.ts'

it('a token is taken from the Bearer scheme only', () => {
  expect(bearerToken('Bearer a.b-c')).toBe('a.b-c')
  expect(bearerToken('bearer a.b-c')).toBe('a.b-c')
  for (const other of [
    'Basic abc',
    'Bearer',
    'Bearer ',
    'Bearer a b',
    'Bearer a, Bearer b',
    'a.b.c',
    undefined,
    7,
    ['Bearer a'],
  ])
    expect(bearerToken(other)).toBeUndefined()
})

describe('a token is presented', () => {
  const request = (...values: string[]) => ({
    rawHeaders: [
      'Host',
      'authorization',
      ...values.flatMap((value, index) => [index % 2 ? 'AUTHORIZATION' : 'Authorization', value]),
    ],
  })
  it('by the header, by something else, or by both alike', () => {
    expect(presentedToken(request('Bearer a'))).toBe('a')
    expect(presentedToken(request(), 'Bearer a', undefined)).toBe('a')
    expect(presentedToken(request('Bearer a'), 'Bearer a')).toBe('a')
  })
  it('or not at all', () => {
    expect(presentedToken(request())).toBeUndefined()
    expect(presentedToken(request(), undefined)).toBeUndefined()
  })
  it.each<[string, string[], unknown[]]>([
    ['of several headers', ['Bearer a', 'Bearer b'], []],
    ['of several headers that say the same', ['Bearer a', 'Bearer a'], []],
    ['of another scheme', ['Basic abc'], []],
    ['that is empty', [''], []],
    ['beside another one', ['Bearer a'], ['Bearer b']],
    ['beside something that is none', ['Bearer a'], [null]],
  ])('and none is taken %s', (_, headers, others) => {
    expect(() => presentedToken(request(...headers), ...others)).toThrow(/token is required/)
  })
})
