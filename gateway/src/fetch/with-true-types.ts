/**
 * A subgraph in which an interface is an object (`@interfaceObject`) calls every entity by the interface's name. Where an
 * entity is fetched from it, its type is known already and better: what the subgraph says of it is dropped, also under
 * an alias, before it is merged over what is true.
 */
import type { executeQueryPlan } from '@apollo/gateway'
import { type GraphQLSchema, isInterfaceType, Kind, parse } from 'graphql'
import { LRUCache } from 'lru-cache'

type ServiceMap = Parameters<typeof executeQueryPlan>[1]

const rememberedFetches = 1_000

export function withTrueTypes(services: ServiceMap, schema: GraphQLSchema): ServiceMap {
  return Object.fromEntries(
    Object.entries(services).map(([name, { process }]) => [
      name,
      {
        process: async (question) => {
          const answer = await process(question)
          const names = typeNames(question.request.query!, schema)
          const entities = names.length > 0 ? answer.data?._entities : undefined
          if (!Array.isArray(entities)) return answer
          for (const entity of entities)
            for (const one of names) if (entity && isInterfaceType(schema.getType(entity[one]))) delete entity[one]
          return answer
        },
      },
    ]),
  )
}

const known = new WeakMap<GraphQLSchema, LRUCache<string, readonly string[]>>()

/** The names under which a fetch of entities asks for the type of what may be an interface object there. */
function typeNames(query: string, schema: GraphQLSchema): readonly string[] {
  const fetches = known.get(schema) ?? new LRUCache<string, readonly string[]>({ max: rememberedFetches })
  known.set(schema, fetches)
  const before = fetches.get(query)
  if (before) return before
  const names = new Set<string>()
  for (const node of parse(query, { noLocation: true }).definitions) {
    if (node.kind !== Kind.OPERATION_DEFINITION) continue
    for (const root of node.selectionSet.selections) {
      if (root.kind !== Kind.FIELD || root.name.value !== '_entities') continue
      for (const entity of root.selectionSet?.selections ?? []) {
        if (entity.kind !== Kind.INLINE_FRAGMENT || !isInterfaceType(schema.getType(entity.typeCondition!.name.value)))
          continue
        for (const field of entity.selectionSet.selections)
          if (field.kind === Kind.FIELD && field.name.value === '__typename')
            names.add(field.alias?.value ?? '__typename')
      }
    }
  }
  fetches.set(query, [...names])
  return [...names]
}
