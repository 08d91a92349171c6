/**
 * The gateway's decision before anything is fetched: which of the selections of an operation its caller may have
 * (rules.ts), and what is left to be planned without the others. Three modes:
 *
 *   null      a forbidden place is null, with an error; the rest is answered
 *   reject    the whole operation is refused
 *   dry-run   everything is answered; what would have been taken out is recorded
 */
import type { Channel } from '@fundmesh/platform/grants/reading'
import type { Caller } from '@fundmesh/platform/identity/caller'
import type { Logger } from '@fundmesh/platform/telemetry/log'
import type { FieldNode, GraphQLSchema, OperationDefinitionNode, SelectionSetNode } from 'graphql'
import { LRUCache } from 'lru-cache'
import { codedError } from '../errors/catalogue.ts'
import type { Operation } from '../operation/operation.ts'
import type { Asking } from '../operation/request.ts'
import { type Denied, deniedPlaces } from './denied.ts'
import { met } from './requirement.ts'
import type { Rights } from './rights.ts'
import type { AccessRules } from './rules.ts'
import { type Sites, sitesOf } from './sites.ts'
import { type Left, takeOut, touching } from './take-out.ts'

export type { Denied }

export const authorizationModes = ['null', 'reject', 'dry-run'] as const
export type AuthorizationMode = (typeof authorizationModes)[number]

declare const permitted: unique symbol

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
  /** What the caller may not have. In a dry run it has it nevertheless. */
  readonly denied: readonly Denied[]
  readonly dryRun: boolean
  /** Equal where the same was left of the same operation. */
  readonly planKey: string
  /** What the answer must not show; undefined: nothing was taken out of the operation. */
  readonly taken: Taken | undefined
  readonly [permitted]: true
}

/** Whether a root field was taken out: of a subscription's operation, all that it asks for. */
export const isRootDenied = ({ denied, dryRun }: PermittedOperation): boolean =>
  !dryRun && denied.some(({ path }) => path.length === 1)

/** What was taken out of an operation, for those who put its answer together. */
export interface Taken {
  readonly schema: GraphQLSchema
  readonly fields: ReadonlySet<FieldNode>
  /** Whether something that was taken, or that only the data can decide, is selected somewhere below. */
  touches(selectionSet: SelectionSetNode): boolean
  /** Whether the caller may read a field of an object whose type is known only now. */
  mayRead(type: string, field: string): boolean
}

/** Throws UNAUTHENTICATED where the right to ask is over; UNAUTHORIZED_FIELD_OR_TYPE for each place, to reject. */
export type Permit = (
  asking: Pick<Asking, 'caller' | 'channel' | 'atLeastEpoch'>,
  operation: Operation,
  rights: Rights,
) => PermittedOperation

export interface PermitOptions {
  readonly rules: AccessRules
  /** The schema that an operation was understood against (view/views.ts). */
  readonly schemaOf: (operation: Operation) => GraphQLSchema
  readonly mode: AuthorizationMode
  readonly log: Logger
}

/** What is remembered of an operation that was seen before. */
interface Known {
  readonly sites: Sites
  /** By what was taken out. */
  readonly left: LRUCache<string, Left>
  /** The decision for whoever may have all of it. */
  readonly whole: Decided
}

type Decided = Pick<PermittedOperation, 'denied' | 'dryRun' | 'planKey' | 'taken'>

const rememberedRemainders = 50

export function permitter({ rules, schemaOf, mode, log }: PermitOptions): Permit {
  const seen = new WeakMap<OperationDefinitionNode, Known>()

  const known = (operation: Operation, schema: GraphQLSchema): Known => {
    const before = seen.get(operation.definition)
    if (before) return before
    const first = {
      sites: sitesOf(operation, schema, rules),
      left: new LRUCache<string, Left>({ max: rememberedRemainders }),
      whole: { denied: [], dryRun: false, planKey: operation.hash, taken: undefined },
    }
    seen.set(operation.definition, first)
    return first
  }

  return ({ caller, channel, atLeastEpoch }, operation, rights) => {
    if (caller.expiresAt.getTime() <= Date.now()) throw codedError('UNAUTHENTICATED')
    const permit = ({ document, definition, fragments }: Left, rest: Decided) => {
      const all: Omit<PermittedOperation, typeof permitted> = {
        view: operation.view,
        hash: operation.hash,
        document,
        definition,
        fragments,
        variables: operation.variables,
        knownAt: operation.knownAt,
        isOfNow: operation.isOfNow,
        caller,
        channel,
        atLeastEpoch,
        rights,
        asked: operation,
        denied: rest.denied,
        dryRun: rest.dryRun,
        planKey: rest.planKey,
        taken: rest.taken,
      }
      return all as PermittedOperation
    }

    const schema = schemaOf(operation)
    const { sites, left, whole } = known(operation, schema)
    if (sites.fields.length === 0 && sites.typenames.length === 0) return permit(operation, whole)
    const forbidden = sites.fields.filter((site) => site.isDenied(rights, operation.variables))
    const undecided = sites.typenames.filter(({ types }) => types.some((type) => !met(rules.ofType(type), rights)))
    if (forbidden.length === 0 && undecided.length === 0) return permit(operation, whole)

    const taken = new Map(forbidden.map(({ node, coordinate }) => [node, coordinate] as const))
    const touches = touching(operation.fragments, new Set([...taken.keys(), ...undecided.map(({ node }) => node)]))
    const denied = deniedPlaces(operation, schema, taken, touches)
    if (mode === 'reject' && denied.length > 0)
      throw new AggregateError(denied.map(({ path }) => codedError('UNAUTHORIZED_FIELD_OR_TYPE', undefined, { path })))
    if (mode === 'dry-run') {
      log.warn(
        { operation: operation.hash, subject: caller.subject, denied },
        'a dry run answers what is not permitted',
      )
      return permit(operation, { ...whole, denied, dryRun: true })
    }

    const key = [
      ...sites.fields.map(({ node }) => (taken.has(node) ? '0' : '1')),
      ...sites.typenames.map((site) => (undecided.includes(site) ? 'a' : 'b')),
    ].join('')
    const remainder = left.get(key) ?? takeOut(operation, schema, new Set(taken.keys()), touches)
    left.set(key, remainder)
    return permit(remainder, {
      denied,
      dryRun: false,
      planKey: `${operation.hash} ${key}`,
      taken: {
        schema,
        fields: new Set(taken.keys()),
        touches,
        mayRead: (type: string, field: string) => met(rules.ofFetched(type, field), rights),
      },
    })
  }
}
