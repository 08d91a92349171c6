import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { consistencyToken, readConsistencyToken } from './consistency-token.ts'

describe('a consistency token', () => {
  it('names the tenant and the epoch it was made of', () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }), (tenant, epoch) => {
        const token = consistencyToken({ tenant, epoch })
        expect(token).toMatch(/^[\w-]+$/)
        expect(readConsistencyToken(token)).toEqual({ tenant, epoch })
      }),
    )
  })

  it('is none where the text is anything else', () => {
    const text = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
    const wrong = ['', 'x', text({}), text(null), text(['alder']), text(['alder', 0]), text(['alder', 1.5])]
    for (const token of [...wrong, text([1, 1]), text(['alder', '1']), text(['alder', 1, 2])]) {
      expect(readConsistencyToken(token)).toBeUndefined()
    }
    fc.assert(fc.property(fc.string(), (token) => void readConsistencyToken(token)))
  })
})
