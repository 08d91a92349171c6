import { describe, expect, it } from 'vitest'
import { cursorCodec } from './cursor.ts'

const codec = cursorCodec('a secret that is at least thirty-two characters')
const knownAt = '2024-01-16T18:00:00.000Z'
const binding = { tenant: 'alder', query: ['ShareClass.navHistory', 'tsp:c-fund', '2024-01-01', undefined] }
const sealed = codec.seal(['2024-01-15'], { ...binding, knownAt })

const refused = expect.objectContaining({ extensions: { code: 'BAD_USER_INPUT' } })
const opening = (cursor: string, other: object = {}) => {
  try {
    return codec.open(cursor, { ...binding, ...other })
  } catch (error) {
    return error
  }
}

describe('a cursor', () => {
  it('opens for the question it was made for, and remembers whose knowledge the first page showed', () => {
    expect(codec.open(sealed, binding)).toEqual({ position: ['2024-01-15'], knownAt })
    expect(codec.open(sealed, { ...binding, knownAt })).toEqual({ position: ['2024-01-15'], knownAt })
  })

  it('takes an argument that is null for one that is absent', () => {
    expect(codec.open(sealed, { ...binding, query: [...binding.query.slice(0, 3), null] }).position).toHaveLength(1)
  })

  it('holds keys of any text', () => {
    const key = ['a:b', '"', '☃', '']
    expect(codec.open(codec.seal(key, { ...binding, knownAt }), binding).position).toEqual(key)
  })

  it('is what the Cursor scalar takes', () => {
    expect(sealed).toMatch(/^[A-Za-z0-9_-]+$/)
  })

  it.each([
    ['another tenant', { tenant: 'birch' }],
    ['another share class', { query: ['ShareClass.navHistory', 'tsp:s-fund', '2024-01-01', undefined] }],
    ['another argument', { query: ['ShareClass.navHistory', 'tsp:c-fund', '2024-01-01', '2024-02-01'] }],
    [
      'arguments that only join to the same text',
      { query: ['ShareClass.navHistory', 'tsp:c-fund2024-01-01', undefined] },
    ],
    ['another knownAt', { knownAt: '2024-01-17T00:00:00.000Z' }],
  ])('is invalid for %s, with the same words whatever was wrong', (_, other) => {
    expect(opening(sealed, other)).toEqual(refused)
    expect((opening(sealed, other) as Error).message).toBe((opening('AAAA') as Error).message)
  })

  it('is invalid under another secret', () => {
    expect(() => cursorCodec('another secret of at least thirty-two characters').open(sealed, binding)).toThrow(
      'invalid',
    )
  })

  it('is invalid with any byte changed, cut or added', () => {
    const bytes = Buffer.from(sealed, 'base64url')
    for (let index = 0; index < bytes.length; index++) {
      const changed = Buffer.from(bytes)
      changed[index]! ^= 1
      expect(opening(changed.toString('base64url'))).toEqual(refused)
      expect(opening(bytes.subarray(0, index).toString('base64url'))).toEqual(refused)
    }
    expect(opening(Buffer.concat([bytes, Buffer.from(' ')]).toString('base64url'))).toEqual(refused)
  })

  it.each(['', 'A', 'not a cursor', '☃'])('is invalid when made up: %j', (made) => {
    expect(opening(made)).toEqual(refused)
  })
})
