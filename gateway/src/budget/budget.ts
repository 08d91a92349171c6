/**
 * The budget of an operation: its estimated cost is taken from two buckets, the tenant's and the client's within it,
 * before it is planned; when the answer is there, the difference to what it did cost is settled.
 */
import type { Caller } from '@fundmesh/platform/identity/caller'
import type { Logger } from '@fundmesh/platform/telemetry/log'
import type { GraphQLError, OperationDefinitionNode } from 'graphql'
import { codedError } from '../errors/catalogue.ts'
import type { Buckets } from './buckets.ts'
import type { BudgetOf, Rate } from './budgets-file.ts'
import { type Asked, type Costed, costOf } from './cost.ts'
import type { CostModel } from './cost-model.ts'

/** What an operation did to its budget, in points; `extensions.cost` of the answer. */
export interface CostReport {
  readonly requested: number
  readonly actual: number
  /** What the client may ask for now: more drips into its bucket and its tenant's. */
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
      asked.map(async (bucket) => ({ ...bucket, ...(await buckets.take(bucket.key, bucket.rate, requested)) })),
    )
    const granted = taken.filter((bucket) => bucket.granted)
    const giveBack = (points: number) => {
      for (const bucket of granted)
        buckets
          .giveBack(bucket.key, bucket.rate, points, bucket)
          .catch((error) => log.warn({ err: error }, 'points were not given back to a budget'))
    }
    /** Says how the buckets stand when so many points are given back to those that had them. */
    const tell = (points: number) =>
      report(
        replyHeaders,
        taken.map(({ name, rate, left, granted }) => ({
          name,
          rate,
          left: Math.min(rate.points, granted ? left + points : left),
        })),
      )

    const [refusing] = taken
      .filter((bucket) => !bucket.granted)
      .map((bucket) => ({ ...bucket, retryAfter: secondsUntil(requested, bucket) }))
      .sort((a, b) => b.retryAfter - a.retryAfter)
    if (refusing) {
      giveBack(requested)
      tell(requested)
      replyHeaders.set('Retry-After', String(refusing.retryAfter))
      throw tooMany(refusing.name, refusing.rate, wholePoints(refusing), requested, refusing.retryAfter)
    }
    tell(0)

    const settle = (actual: number): CostReport => {
      giveBack(requested - actual)
      return { requested, actual, remaining: tell(requested - actual) }
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

interface Standing {
  readonly rate: Rate
  readonly left: number
}

/** What has dripped in of a point is none yet, and what is owed is nothing to take. */
const wholePoints = ({ left }: Standing) => Math.max(0, Math.floor(left))

const secondsUntil = (points: number, { rate, left }: Standing) =>
  Math.max(1, Math.ceil(((points - left) * rate.seconds) / rate.points))

/**
 * The headers of draft-ietf-httpapi-ratelimit-headers: each policy with its quota and the seconds in which that much drips
 * in; how much of it there is, and in how many seconds it is full. Gives what is left in the tighter one.
 */
function report(headers: Map<string, string>, buckets: readonly (Standing & Pick<Bucket, 'name'>)[]): number {
  const policies = buckets.map(({ name, rate }) => `"${name}";q=${rate.points};w=${rate.seconds}`)
  const standings = buckets.map(
    (bucket) => `"${bucket.name}";r=${wholePoints(bucket)};t=${secondsUntil(bucket.rate.points, bucket)}`,
  )
  headers.set('RateLimit-Policy', policies.join(', '))
  headers.set('RateLimit', standings.join(', '))
  return Math.min(...buckets.map(wholePoints))
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
