import type { ExecutionResult } from 'graphql'
import { isRootDenied, type Permit } from '../access/permit.ts'
import type { Rights } from '../access/rights.ts'
import { codedError } from '../errors/catalogue.ts'
import type { Executor } from '../fetch/executor.ts'
import type { Planner } from '../plan/planner.ts'
import type { Complete } from '../shape/complete.ts'
import { shaped } from '../shape/shaped.ts'
import type { Delivery, Subscriber } from './subscribers.ts'

/** Makes the payload of an event for a subscription: plan → fetch → shape, as of the moment of resolving, with the rights of that moment. */
export type ResolveEvent = (
  subscriber: Subscriber,
  delivery: Delivery,
  rights: Rights,
  signal: AbortSignal,
) => Promise<ExecutionResult>

export interface ResolveRooms {
  readonly permit: Permit
  readonly planner: Planner
  readonly executor: Executor
  readonly complete: Complete
}

export function eventResolver({ permit, planner, executor, complete }: ResolveRooms): ResolveEvent {
  return async ({ operation, stream, audit }, { event, snapshot }, rights, signal) => {
    const permitted = permit(operation, { ...operation.asked, knownAt: new Date().toISOString() }, rights)
    if (isRootDenied(permitted)) throw codedError('ENTITLEMENT_REVOKED')
    const plan = await planner.plan(permitted)
    const value = {
      ...(event.data as Record<string, unknown>),
      __typename: snapshot ? stream.snapshotType : stream.updateType,
    }
    const fetched = await executor.execute(permitted, plan, signal, { field: stream.field, value })
    const completed = complete(permitted, fetched)
    audit.made(permitted, completed.delivered.data)
    return shaped(completed)
  }
}
