/**
 * The road of a query or mutation through the gateway. Each stage takes what the stage before it made: what was not
 * authenticated cannot be permitted, what was not permitted cannot be planned.
 *
 *   read → authenticate        http/, identity/   bytes → GraphQLRequest and Caller
 *   understand                 operation/         text → Operation: parsed, validated, its variables coerced
 *   authorize                  access/            Caller + Operation → PermittedOperation
 *   charge                     budget/            its cost, from the tenant's budget and the client's
 *   plan                       plan/              PermittedOperation → Plan, cached
 *   fetch                      fetch/             Plan + Caller → merged data and errors of the catalogue
 *   shape                      shape/             → the answer in the client's own names, completed by the schema
 *   respond                    http/              → bytes
 */
import { GraphQLError } from 'graphql'
import type { Permit } from './access/permit.ts'
import type { RightsOf } from './access/rights.ts'
import type { Audit } from './audit/audit.ts'
import type { ChargeFor } from './budget/budget.ts'
import type { Executor } from './fetch/executor.ts'
import type { AnswerResult } from './http/reply.ts'
import type { Operation } from './operation/operation.ts'
import type { Asking } from './operation/request.ts'
import type { Planner } from './plan/planner.ts'
import type { Complete } from './shape/complete.ts'
import { shaped } from './shape/shaped.ts'
import type { Work } from './with-coalescing.ts'

/** Answers an operation that was understood. Rejects with errors of the catalogue. */
export type QueryRoad = (operation: Operation, asking: Asking) => Promise<AnswerResult>

export interface QueryRooms {
  readonly rightsOf: RightsOf
  readonly permit: Permit
  readonly charge: ChargeFor
  readonly planner: Planner
  readonly executor: Executor
  readonly complete: Complete
  readonly audit: Pick<Audit, 'answered'>
  /** Answers what several ask at once; left out, each by itself. */
  readonly coalescing?: (work: Work) => Work
}

export function queryRoad(rooms: QueryRooms): QueryRoad {
  const { rightsOf, permit, charge, planner, executor, complete, audit, coalescing = (work) => work } = rooms

  const work = coalescing(async (permitted, signal) =>
    complete(permitted, await executor.execute(permitted, await planner.plan(permitted), signal)),
  )

  return async (operation, asking) => {
    const permitted = permit(asking, operation, rightsOf(asking.caller, asking.channel))
    const charged = await charge(permitted, asking)
    const completed = await work(permitted, asking.signal).catch((error) => {
      // What was too hard to plan did cost, though nothing was fetched: for nothing, it could be asked without end.
      if (!tookTooLongToPlan(error)) charged.refund()
      throw error
    })
    const { delivered, knownAt } = completed
    // Who joined somebody else's question was answered as of that one's instant.
    const told = knownAt === permitted.knownAt ? permitted : { ...permitted, knownAt }
    const kept = audit.answered(told, delivered)
    // What was changed must be told though the gateway dies now.
    if (permitted.definition.operation === 'mutation') await kept
    return shaped(completed, charged.settle(delivered))
  }
}

const tookTooLongToPlan = (error: unknown) =>
  error instanceof GraphQLError && error.extensions.code === 'OPERATION_PLANNING_TIMEOUT'
