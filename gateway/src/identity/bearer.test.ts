import { expect, it } from 'vitest'
import { authorizationOf, bearerToken } from './bearer.ts'

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

it('of several headers none is taken', () => {
  const request = (...values: string[]) => ({
    rawHeaders: values.flatMap((value, index) => [index % 2 ? 'AUTHORIZATION' : 'Authorization', value]),
    headers: values[0] === undefined ? {} : { authorization: values[0] },
  })
  expect(authorizationOf(request('Bearer a'))).toBe('Bearer a')
  expect(authorizationOf(request('Bearer a', 'Bearer b'))).toBeUndefined()
  expect(authorizationOf(request('Bearer a', 'Bearer a'))).toBeUndefined()
  expect(authorizationOf(request())).toBeUndefined()
})
