import { expect, it } from 'vitest'
import { replyOf } from './exchange.ts'
import { readAnswer } from './read-answer.ts'

it.each<[string, boolean]>([
  ['Zürich 😀 \u2028', true],
  ['a "quote"', false],
  ['a \\', false],
  ['a\nline', false],
  ['\u0007', false],
  ['half a pair \ud800', false],
])('an answer with %j may be written as it stands: %s', (value, isPlain) => {
  const text = JSON.stringify({ data: { value } })
  expect(readAnswer('fund', replyOf(200, text))).toEqual({ data: { value }, errors: [], isPlain })
  // Bytes that are no UTF-8 never become half a pair.
  expect(Buffer.from([0xed, 0xa0, 0x80]).toString('utf8')).toBe('\ufffd\ufffd\ufffd')
})
