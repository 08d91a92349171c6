/**
 * `@context` and `@fromContext`: a fetch whose arguments come from what surrounds its entities. The plan says where to
 * look from each entity, `..` for the object around it. Entities with equal surroundings are asked for together.
 */
import type { FetchDataKeyRenamer } from '@apollo/query-planner'
import type { GraphQLSchema } from 'graphql'
import { type Data, isData, own } from './data.ts'
import type { Place } from './places.ts'
import { isOf } from './subtypes.ts'

const conditionPrefix = '... on '

/** Entities whose arguments have the same values. */
export interface ContextGroup {
  readonly values: Readonly<Record<string, unknown>>
  readonly targets: Data[]
}

export function contextGroups(
  schema: GraphQLSchema,
  rewrites: readonly FetchDataKeyRenamer[],
  places: readonly Place[],
): readonly ContextGroup[] {
  const groups = new Map<string, ContextGroup>()
  for (const { object, around } of places) {
    const values: Record<string, unknown> = {}
    for (const { path, renameKeyTo } of rewrites) {
      const ups = path.findIndex((step) => step !== '..')
      const value = follow(schema, around[around.length - 1 - ups], path, ups)
      if (value !== undefined) values[renameKeyTo] = value
    }
    const key = JSON.stringify(values)
    const group = groups.get(key)
    if (group) group.targets.push(object)
    else groups.set(key, { values, targets: [object] })
  }
  return [...groups.values()]
}

/** What a path of names and `... on Type` leads to; undefined where it does not apply. */
function follow(schema: GraphQLSchema, value: unknown, path: readonly string[], index: number): unknown {
  const step = path[index]
  if (step === undefined || value === null || value === undefined) return value
  if (Array.isArray(value)) return value.map((item) => follow(schema, item, path, index))
  if (!isData(value)) return undefined
  if (!step.startsWith(conditionPrefix)) return follow(schema, own(value, step), path, index + 1)
  const { __typename: type } = value
  return type === undefined || isOf(schema, type, step.slice(conditionPrefix.length))
    ? follow(schema, value, path, index + 1)
    : undefined
}
