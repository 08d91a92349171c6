import type { ExecutionResult } from 'graphql'
import type { Permit } from '../access/permit.ts'
import type { RightsOf } from '../access/rights.ts'
import type { Executor } from '../fetch/executor.ts'
import type { Planner } from '../plan/planner.ts'
import { shape } from '../shape/shape.ts'
import type { Delivery, Subscriber } from './subscribers.ts'

/** Makes the payload of an event for a subscription: plan → fetch → shape, as of the moment of resolving. */
export type ResolveEvent = (subscriber: Subscriber, delivery: Delivery, signal: AbortSignal) => Promise<ExecutionResult>

export interface ResolveRooms {
  readonly rightsOf: RightsOf
  readonly permit: Permit
  readonly planner: Planner
  readonly executor: Executor
}

export function eventResolver({ rightsOf, permit, planner, executor }: ResolveRooms): ResolveEvent {
  return async ({ operation, stream, audit }, { event, snapshot }, signal) => {
    // The rights are those of this moment, not those that the stream was opened with.
    const rights = rightsOf(operation.caller, operation.channel)
    const permitted = permit(operation, { ...operation.asked, knownAt: new Date().toISOString() }, rights)
    const plan = await planner.plan(permitted)
    const value = {
      ...(event.data as Record<string, unknown>),
      __typename: snapshot ? stream.snapshotType : stream.updateType,
    }
    const fetched = await executor.execute(permitted, plan, signal, { field: stream.field, value })
    audit.made(permitted, fetched.data)
    return shape(permitted, fetched)
  }
}
