/**
 * The `Cache-Control` of an answer, from its teams' hints. The smallest `maxAge` of what an operation selects is the
 * answer's. Without a hint a root field, and a field of composite type, may not be kept at all; a leaf is kept as long as
 * what it belongs to. An answer with an error is never kept, and what was answered to somebody is kept for nobody else.
 */
import { CONSISTENCY_HEADER } from '@fundmesh/platform/grants/consistency-token'
import { isAnonymous } from '@fundmesh/platform/identity/caller'
import {
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isCompositeType,
  type OperationDefinitionNode,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql'
import type { Operation } from '../operation/operation.ts'
import type { QueryRoad } from '../query.ts'
import { type CacheHint, type CacheHints, strictest } from '../supergraph/cache-hints.ts'

/** How long what an operation selects may be kept, and for whom. */
interface CachePolicy {
  readonly maxAge: number
  readonly isPrivate: boolean
}

export function withCacheControl(
  road: QueryRoad,
  hints: CacheHints,
  schemaOf: (operation: Operation) => GraphQLSchema,
): QueryRoad {
  if (hints.size === 0) return road
  const known = new WeakMap<OperationDefinitionNode, CachePolicy>()
  const policyOf = (operation: Operation): CachePolicy => {
    const policy = known.get(operation.definition) ?? cachePolicy(operation, schemaOf(operation), hints)
    known.set(operation.definition, policy)
    return policy
  }
  return async (operation, asking) => {
    const answered = await road(operation, asking)
    if (operation.definition.operation !== 'query' || (answered.errors?.length ?? 0) > 0) return answered
    const { maxAge, isPrivate } = policyOf(operation)
    if (maxAge <= 0 || asking.atLeastEpoch > 0) return answered
    const scope = isPrivate || !isAnonymous(asking.caller) ? 'private' : 'public'
    asking.replyHeaders.set('cache-control', `max-age=${maxAge}, ${scope}`)
    // Who asks decides what is seen, what they accept its form, and after which change it must be seen how fresh it is.
    asking.replyHeaders.set('vary', `Accept, Authorization, ${CONSISTENCY_HEADER}`)
    return answered
  }
}

/** The policy of all that is selected; what `@skip` and `@include` leave out counts too, which only makes it stricter. */
export function cachePolicy(
  { definition, fragments }: Pick<Operation, 'definition' | 'fragments'>,
  schema: GraphQLSchema,
  hints: CacheHints,
): CachePolicy {
  let maxAge = Number.POSITIVE_INFINITY
  let isPrivate = false
  const root = schema.getRootType(definition.operation)

  const restrict = (parent: GraphQLCompositeType, field: string, type: GraphQLNamedType | undefined) => {
    const composite = isCompositeType(type) ? type : undefined
    const said = strictestOf(objectsOf(schema, parent).map((name) => hints.get(`${name}.${field}`)))
    const saidOfType = composite && strictestOf(objectsOf(schema, composite).map((name) => hints.get(name)))
    const seconds = said?.maxAge ?? saidOfType?.maxAge
    const inherits = parent !== root && (!composite || said?.inheritMaxAge || saidOfType?.inheritMaxAge)
    isPrivate ||= (said?.isPrivate ?? false) || (saidOfType?.isPrivate ?? false)
    if (seconds !== undefined) maxAge = Math.min(maxAge, seconds)
    else if (!inherits) maxAge = 0
  }

  const parts = new Set<OperationDefinitionNode | FragmentDefinitionNode>([definition])
  // A set is gone through to its end, with what is added on the way.
  for (const part of parts) {
    const types = new TypeInfo(schema)
    visit(
      part,
      visitWithTypeInfo(types, {
        Field({ name: { value: name } }) {
          const parent = types.getParentType()
          if (parent && name !== '__typename') restrict(parent, name, getNamedType(types.getType()) ?? undefined)
        },
        FragmentSpread({ name: { value: name } }) {
          const fragment = fragments[name]
          if (fragment) parts.add(fragment)
        },
      }),
    )
  }
  return { maxAge: Number.isFinite(maxAge) ? maxAge : 0, isPrivate }
}

/** A type, and what an abstract one may turn out to be. */
const objectsOf = (schema: GraphQLSchema, type: GraphQLCompositeType): readonly string[] =>
  [type, ...(isAbstractType(type) ? schema.getPossibleTypes(type) : [])].map(({ name }) => name)

const strictestOf = (hints: readonly (CacheHint | undefined)[]): CacheHint | undefined =>
  hints.reduce((a, b) => (a && b ? strictest(a, b) : (a ?? b)), undefined)
