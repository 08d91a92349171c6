/**
 * The budget of an operation: its estimated cost is taken from two buckets, the tenant's and the client's within it,
 * before it is planned; when the answer is there, the difference to what it did cost is settled.
 */
import type { Caller } from '@fundmesh/platform/identity/caller'
import type { Logger } from '@fundmesh/platform/telemetry/log'
import type { GraphQLError, OperationDefinitionNode } from 'graphql'
import { codedError } from '../errors/catalogue.ts'
import type { Buckets, Taken } from './buckets.ts'
import type { BudgetOf, Rate } from './budgets-file.ts'
import { type Asked, type Costed, costOf } from './cost.ts'
import type { CostModel } from './cost-model.ts'

/** What an operation did to its budget, in points; `extensions.cost` of the answer. */
export interface CostReport {
  readonly requested: number
  readonly actual: number
  /** What the client may still ask for, before its bucket or its tenant's is full again. */
  readonly remaining: number
}

/** Points that were taken for an operation. */
export interface Charge {
  /** After fetching: what came is paid, and the rest given back. */
  settle(fetched: { readonly data: unknown; readonly errors: readonly GraphQLError[] }): CostReport | undefined
  /** Nothing was fetched: everything is given back. */
  refund(): void
}

/** Takes what an operation is going to cost. Throws COST_LIMIT_EXCEEDED where there is not enough, and takes nothing. */
export type ChargeFor = (
  operation: Asked,
  asking: { readonly caller: Caller; readonly replyHeaders: Map<string, string> },
) => Promise<Charge>

interface Bucket {
  readonly name: 'tenant' | 'client'
  readonly key: string
  readonly rate: Rate
}

/** What a reply says of the budget; a page of another origin may read it too. */
export const budgetHeaders = ['RateLimit', 'RateLimit-Policy', 'Retry-After'] as const

/** Every operation costs something, however little it asks for. */
const leastCost = 1

export function budgetOf(options: {
  readonly model: CostModel
  readonly budgets: BudgetOf
  readonly buckets: Buckets
  readonly log: Logger
}): ChargeFor {
  const { model, budgets, buckets, log } = options
  /** Of operations without variables, whose cost is that of their text. */
  const known = new WeakMap<OperationDefinitionNode, Costed>()

  const costed = (operation: Asked): Costed => {
    const { definition } = operation
    const cost = known.get(definition) ?? costOf(model, operation)
    if (!definition.variableDefinitions?.length) known.set(definition, cost)
    return cost
  }

  return async (operation, { caller, replyHeaders }) => {
    const { operationCost, tenant, client } = budgets(caller)
    const cost = costed(operation)
    const requested = inPoints(cost.estimate)
    // What is larger than a full bucket would be refused for ever: it is no matter of waiting.
    const allowed = Math.min(operationCost, tenant.points, client.points)
    if (requested > allowed) throw tooDear(requested, allowed)

    const asked: readonly Bucket[] = [
      { name: 'tenant', key: keyOf('tenant', caller.tenant), rate: tenant },
      { name: 'client', key: keyOf('client', caller.tenant, caller.client), rate: client },
    ]
    const taken = await Promise.all(
      asked.map(async (bucket) => ({ ...bucket, level: await buckets.take(bucket.key, bucket.rate, requested) })),
    )
    const granted = taken.filter(({ level }) => level.granted)
    const giveBack = (points: number) => {
      for (const { key, rate, level } of granted)
        buckets
          .giveBack(key, rate, points, level)
          .catch((error) => log.warn({ err: error }, 'points were not given back to a budget'))
    }
    const [refusing] = taken.filter(({ level }) => !level.granted).sort((a, b) => b.level.fullAt - a.level.fullAt)
    report(replyHeaders, taken, refusing ? requested : 0)
    if (refusing) {
      giveBack(requested)
      const retryAfter = secondsUntil(refusing.level.fullAt)
      replyHeaders.set('Retry-After', String(retryAfter))
      throw tooMany(refusing.name, refusing.rate, refusing.level.remaining, requested, retryAfter)
    }

    const settle = (actual: number): CostReport => {
      giveBack(requested - actual)
      return { requested, actual, remaining: report(replyHeaders, taken, requested - actual) }
    }
    return {
      settle: ({ data, errors }) => settle(inPoints(cost.actual(data, errors.filter(mayHaveCost)))),
      refund: () => void settle(0),
    }
  }
}

const inPoints = (cost: number) => Math.max(leastCost, Math.ceil(cost))

/** A subgraph that was not reached did nothing. */
const mayHaveCost = ({ extensions }: GraphQLError) => extensions.code !== 'SUBGRAPH_UNAVAILABLE'

/** The parts of a key cannot run into each other: what joins them is in none of them. */
const keyOf = (...parts: readonly string[]) => parts.map(encodeURIComponent).join(':')

const secondsUntil = (at: number) => Math.max(1, Math.ceil((at - Date.now()) / 1_000))

/**
 * The headers of draft-ietf-httpapi-ratelimit-headers: each policy with its quota and window in seconds, and how much of
 * each is left for how long. Gives what is left of the tighter one.
 */
function report(
  headers: Map<string, string>,
  buckets: readonly (Bucket & { readonly level: Taken })[],
  givenBack: number,
): number {
  const left = ({ rate, level }: (typeof buckets)[number]) =>
    Math.max(0, Math.min(rate.points, level.remaining + (level.granted ? givenBack : 0)))
  headers.set(
    'RateLimit-Policy',
    buckets.map(({ name, rate }) => `"${name}";q=${rate.points};w=${rate.seconds}`).join(', '),
  )
  headers.set(
    'RateLimit',
    buckets.map((bucket) => `"${bucket.name}";r=${left(bucket)};t=${secondsUntil(bucket.level.fullAt)}`).join(', '),
  )
  return Math.min(...buckets.map(left))
}

/** No waiting would help: the status is that of a mistake. */
const tooDear = (got: number, allowed: number) =>
  codedError('COST_LIMIT_EXCEEDED', `operationCost: expected at most ${allowed} points; got ${got}`, {
    extensions: { http: { status: 400 }, limit: 'operationCost', allowed, got },
  })

const tooMany = (limit: string, { points, seconds }: Rate, remaining: number, got: number, retryAfter: number) =>
  codedError(
    'COST_LIMIT_EXCEEDED',
    `${limit}: expected at most ${points} points in ${seconds} s, of which ${remaining} are left; got ${got}`,
    { extensions: { limit, allowed: remaining, got, retryAfter } },
  )
