import type { Channel } from '@fundmesh/platform/grants/reading'
import type { Caller } from '@fundmesh/platform/identity/caller'
import { codedError } from '../errors/catalogue.ts'
import type { Asking } from '../operation/request.ts'
import type { Operation } from '../operation/understand.ts'
import type { Rights } from './rights.ts'

declare const permitted: unique symbol

/** A selection that this caller may not have. */
export interface Denied {
  /** Where it would stand in the answer, in the client's names; `@` stands for each position of a list. */
  readonly path: readonly string[]
  /** `Type.field`, or the type. */
  readonly coordinate: string
}

/**
 * An operation that this caller may run. Only `permit` makes one: what was not authorized cannot be planned. Its
 * document, definition and fragments are what may be planned: the forbidden selections are taken out.
 */
export interface PermittedOperation extends Operation {
  readonly caller: Caller
  readonly channel: Channel
  readonly atLeastEpoch: number
  readonly rights: Rights
  /** The operation as it was asked. */
  readonly asked: Operation
  readonly denied: readonly Denied[]
  /** Equal where the same operation was left of the same operation. */
  readonly planKey: string
  readonly [permitted]: true
}

/** The gateway's decision before anything is fetched. Throws UNAUTHENTICATED where the right to ask is over. */
export type Permit = (
  asking: Pick<Asking, 'caller' | 'channel' | 'atLeastEpoch'>,
  operation: Operation,
  rights: Rights,
) => PermittedOperation

export function permitter(): Permit {
  return ({ caller, channel, atLeastEpoch }, operation, rights) => {
    if (caller.expiresAt.getTime() <= Date.now()) throw codedError('UNAUTHENTICATED')
    return {
      ...operation,
      caller,
      channel,
      atLeastEpoch,
      rights,
      asked: operation,
      denied: [],
      planKey: operation.hash,
    } as unknown as PermittedOperation
  }
}
