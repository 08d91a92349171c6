import { describe, expect, it } from 'vitest'
import { endingOf } from './ending.ts'

describe('the ending of a stream', () => {
  it('is final when a right was lost', () => {
    const message = 'A right that this stream was using has ended.'
    expect(endingOf([{ message, extensions: { code: 'ENTITLEMENT_REVOKED' } }])).toEqual({
      sentence: 'A right that this stream was using has ended (ENTITLEMENT_REVOKED).',
      remedy: 'none',
    })
  })

  it.each([
    ['GATEWAY_DRAINING', 'wait'],
    ['STREAM_GAP', 'wait'],
    ['SLOW_SUBSCRIBER', 'wait'],
    ['TOKEN_EXPIRED', 'new token'],
    ['UNAUTHENTICATED', 'new token'],
  ])('of %s is mended by: %s', (code, remedy) => {
    expect(endingOf([{ message: 'x', extensions: { code } }]).remedy).toBe(remedy)
  })

  it('repeats what the gateway says of a mistake in the request', () => {
    const errors = [{ message: 'shareClassIds has 2,000 entries.', extensions: { code: 'BAD_USER_INPUT' } }]
    expect(endingOf(errors)).toEqual({ sentence: 'shareClassIds has 2,000 entries (BAD_USER_INPUT).', remedy: 'none' })
    expect(endingOf([{ message: 'Odd' }])).toEqual({ sentence: 'Odd (no code).', remedy: 'none' })
  })

  it.each([
    [{ code: 1006, reason: '' }, 'The connection to the gateway was lost (1006).', 'wait'],
    [{ code: 1001, reason: 'Going away' }, 'The gateway is going away (1001, Going away).', 'wait'],
    [
      { code: 4401, reason: 'Token expired.' },
      'The gateway does not take the token (4401, Token expired).',
      'new token',
    ],
    [{ code: 4403, reason: 'Forbidden' }, 'The gateway does not take the token (4403, Forbidden).', 'new token'],
    [{ code: 4999, reason: '' }, 'The gateway closed the connection (4999).', 'none'],
  ])('reads the close %j', (close, sentence, remedy) => {
    expect(endingOf(close)).toEqual({ sentence, remedy })
  })

  it('takes a socket that could not be opened for a gateway that is away', () => {
    expect(endingOf({ message: 'connect ECONNREFUSED 127.0.0.1:4000' })).toEqual({
      sentence: 'No gateway answers (connect ECONNREFUSED 127.0.0.1:4000); `npm start` starts the graph.',
      remedy: 'wait',
    })
  })
})
