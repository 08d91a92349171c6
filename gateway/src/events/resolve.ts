import type { ExecutionResult } from 'graphql'
import { permit } from '../access/permit.ts'
import type { Executor } from '../fetch/executor.ts'
import type { Planner } from '../plan/planner.ts'
import { shape } from '../shape/shape.ts'
import type { Delivery, Subscriber } from './subscribers.ts'

/** Makes the payload of an event for a subscription: plan → fetch → shape, as of the moment of resolving. */
export type ResolveEvent = (subscriber: Subscriber, delivery: Delivery, signal: AbortSignal) => Promise<ExecutionResult>

export function eventResolver({ planner, executor }: { planner: Planner; executor: Executor }): ResolveEvent {
  return async ({ operation, stream }, { event, snapshot }, signal) => {
    const permitted = permit(operation, { ...operation, knownAt: new Date().toISOString() })
    const plan = await planner.plan(permitted)
    const value = {
      ...(event.data as Record<string, unknown>),
      __typename: snapshot ? stream.snapshotType : stream.updateType,
    }
    return shape(permitted, await executor.execute(permitted, plan, signal, { field: stream.field, value }))
  }
}
