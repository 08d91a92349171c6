import type { Caller } from '@fundmesh/platform/identity/caller'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { codedError } from '../errors/catalogue.ts'
import { openSession, type Session } from './session.ts'

const start = Date.UTC(2026, 0, 1)
const at = (seconds: number) => new Date(start + seconds * 1000)

describe('a session', () => {
  let session: Session
  let onExpiring: ReturnType<typeof vi.fn<(expiresAt: Date) => void>>
  let onOver: ReturnType<typeof vi.fn<() => void>>
  const first: Caller = { tenant: 'alder', subject: 'a', client: 'app', scopes: new Set(['x']), expiresAt: at(60) }
  const tokens: Record<string, Caller> = {
    longer: { ...first, scopes: new Set(), expiresAt: at(300) },
    shorter: { ...first, expiresAt: at(20) },
    tenant: { ...first, tenant: 'birch', expiresAt: at(300) },
    subject: { ...first, subject: 'b', expiresAt: at(300) },
    client: { ...first, client: 'other', expiresAt: at(300) },
  }

  beforeEach(() => {
    vi.useFakeTimers({ now: start })
    onExpiring = vi.fn()
    onOver = vi.fn()
    session = openSession({
      caller: first,
      verify: async (token) => {
        if (token === 'slow') await new Promise((resolve) => setTimeout(resolve, 1_000))
        const caller = token === 'slow' ? tokens.longer : tokens[token]
        if (!caller) throw codedError('UNAUTHENTICATED')
        return caller
      },
      onExpiring,
      onOver,
    })
  })
  afterEach(() => {
    session.close()
    vi.useRealTimers()
  })
  const passed = (seconds: number) => vi.advanceTimersByTimeAsync(seconds * 1000)

  it('warns 30 s before its token ends, and is over when it ends', async () => {
    await passed(29.9)
    expect(onExpiring).not.toHaveBeenCalled()
    await passed(0.2)
    expect(onExpiring).toHaveBeenCalledExactlyOnceWith(at(60))
    await passed(29.8)
    expect(onOver).not.toHaveBeenCalled()
    await passed(0.2)
    expect(onOver).toHaveBeenCalledOnce()
  })

  it('goes on with a renewed token, whose rights are the rights from then on', async () => {
    const heard = vi.fn()
    session.onRenewal(heard)
    expect(await session.renew('longer')).toBe(tokens.longer)
    expect(session.caller).toBe(tokens.longer)
    expect(heard).toHaveBeenCalledExactlyOnceWith(tokens.longer)
    await passed(269)
    expect(onExpiring).not.toHaveBeenCalled()
    await passed(2)
    expect(onExpiring).toHaveBeenCalledExactlyOnceWith(at(300))
    await passed(30)
    expect(onOver).toHaveBeenCalledOnce()
  })

  it('ends sooner with a token that ends sooner', async () => {
    await session.renew('shorter')
    await passed(0)
    expect(onExpiring).toHaveBeenCalledExactlyOnceWith(at(20))
    await passed(20)
    expect(onOver).toHaveBeenCalledOnce()
  })

  it.each(['tenant', 'subject', 'client'])('takes no token of another %s', async (other) => {
    await expect(session.renew(other)).rejects.toMatchObject({ extensions: { code: 'FORBIDDEN' } })
    expect(session.caller).toBe(first)
  })

  it('goes on with the token that it has when a renewal is refused', async () => {
    await expect(session.renew('bad')).rejects.toMatchObject({ extensions: { code: 'UNAUTHENTICATED' } })
    expect(session.caller).toBe(first)
    await passed(60)
    expect(onOver).toHaveBeenCalledOnce()
  })

  it('renews one token at a time', async () => {
    const slow = session.renew('slow')
    await expect(session.renew('longer')).rejects.toMatchObject({ extensions: { code: 'BAD_REQUEST' } })
    await passed(1)
    expect(await slow).toBe(tokens.longer)
  })

  it('that is over is not taken up again', async () => {
    await passed(59.5)
    const late = expect(session.renew('slow')).rejects.toMatchObject({ extensions: { code: 'TOKEN_EXPIRED' } })
    await passed(2)
    await late
  })

  it('tells nobody any more once it is closed, nor those who stopped listening', async () => {
    const heard = vi.fn()
    session.onRenewal(heard)()
    await session.renew('longer')
    session.close()
    await passed(400)
    for (const told of [heard, onExpiring, onOver]) expect(told).not.toHaveBeenCalled()
  })
})
