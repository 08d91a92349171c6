import { expect, it } from 'vitest'
import { secondsOf } from './lifetime.ts'

it.each([
  ['900', 900],
  ['30s', 30],
  ['15m', 900],
  ['1h', 3600],
])('reads the lifetime %s as %i seconds', (lifetime, seconds) => {
  expect(secondsOf(lifetime)).toBe(seconds)
})

it.each(['', 'm', '-5', '1.5h', '15 m', '15M', '1d', '1e3', '9999999'])(
  'refuses the lifetime "%s", and shows how one looks',
  (text) => {
    expect(() => secondsOf(text)).toThrow(
      `A lifetime is seconds, or a number with s, m or h (900, 30s, 15m, 1h), not "${text}".`,
    )
  },
)
