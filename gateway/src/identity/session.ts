import type { Caller } from '@fundmesh/platform/identity/caller'
import { codedError } from '../errors/catalogue.ts'
import { alarm } from './alarm.ts'
import type { VerifyToken } from './token.ts'

/** Told of each new token of a caller: who it is now. Returns the release. */
export type OnRenewal = (listener: (caller: Caller) => void) => () => void

/**
 * Whose a connection is, over time:
 *
 *   current ──30 s before the token ends──▶ warned ──the token ends──▶ over
 *      ▲                                      │
 *      └────────── renew, at any time ────────┘
 */
export interface Session {
  /** As the newest token says. */
  readonly caller: Caller
  readonly onRenewal: OnRenewal
  /**
   * Goes on with another token of the same tenant, subject and client, whose rights replace those of the token before.
   * Throws FORBIDDEN where it is somebody else's, BAD_REQUEST where another renewal is under way, and what `verify`
   * throws; then the session goes on with the token that it has, until that ends.
   */
  renew(token: string): Promise<Caller>
  close(): void
}

export interface SessionOptions {
  readonly caller: Caller
  readonly verify: VerifyToken
  /** The token will end soon. */
  readonly onExpiring: (expiresAt: Date) => void
  readonly onOver: () => void
}

const warningMs = 30_000

/** When a client is told that its token will end. */
export const warningTime = ({ expiresAt }: Pick<Caller, 'expiresAt'>) => new Date(expiresAt.getTime() - warningMs)

export function openSession({ caller, verify, onExpiring, onOver }: SessionOptions): Session {
  const listeners = new Set<(caller: Caller) => void>()
  let current = caller
  let renewing = false
  let over = false

  const wind = () => [
    alarm(warningTime(current), () => onExpiring(current.expiresAt)),
    alarm(current.expiresAt, () => {
      over = true
      onOver()
    }),
  ]
  let alarms = wind()
  const silence = () => {
    for (const { cancel } of alarms) cancel()
  }

  return {
    get caller() {
      return current
    },
    onRenewal(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    async renew(token) {
      // Of two at a time, the one that is verified last would win, whichever came last.
      if (renewing) throw codedError('BAD_REQUEST', 'another renewal is under way')
      renewing = true
      try {
        const next = await verify(token)
        const same = (['tenant', 'subject', 'client'] as const).every((claim) => next[claim] === current[claim])
        if (!same) throw codedError('FORBIDDEN', 'The token is of another caller.')
        if (over) throw codedError('TOKEN_EXPIRED')
        silence()
        current = next
        alarms = wind()
        for (const listener of listeners) listener(next)
        return next
      } finally {
        renewing = false
      }
    },
    close() {
      over = true
      silence()
      listeners.clear()
    },
  }
}
