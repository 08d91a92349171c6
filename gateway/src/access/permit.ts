import type { Channel } from '@fundmesh/platform/grants/reading'
import type { Caller } from '@fundmesh/platform/identity/caller'
import { codedError } from '../errors/catalogue.ts'
import type { Asking } from '../operation/request.ts'
import type { Operation } from '../operation/understand.ts'

declare const permitted: unique symbol

/** An operation that this caller may run. Only `permit` makes one: what was not authorized cannot be planned. */
export interface PermittedOperation extends Operation {
  readonly caller: Caller
  readonly channel: Channel
  readonly atLeastEpoch: number
  readonly [permitted]: true
}

/**
 * The gateway's decision before anything is fetched. Every field of the graph is open to every tenant; which rows a
 * tenant sees is decided by the subgraphs and again in the database. What is decided here: the right to ask is current.
 */
export function permit(
  { caller, channel, atLeastEpoch }: Pick<Asking, 'caller' | 'channel' | 'atLeastEpoch'>,
  operation: Operation,
): PermittedOperation {
  if (caller.expiresAt.getTime() <= Date.now()) throw codedError('UNAUTHENTICATED')
  return { ...operation, caller, channel, atLeastEpoch } as PermittedOperation
}
