/**
 * `@context` and `@fromContext`, which Apollo's executor leaves out: a fetch whose arguments come from what surrounds
 * its entities. The plan says where to look from each entity, `..` for the object around it; entities with the same
 * surroundings are asked for together.
 *
 * The executor does not show the data that it merges. It keeps the objects of each answer, though, and merges later
 * ones into them: what the first fetches answered is, later, all that was merged.
 */
import type { executeQueryPlan } from '@apollo/gateway'
import type { FetchDataKeyRenamer, PlanNode } from '@apollo/query-planner'
import { type GraphQLFormattedError, type GraphQLSchema, isAbstractType, isObjectType } from 'graphql'
import { fetchesOf } from '../plan/fetches.ts'

type ServiceMap = Parameters<typeof executeQueryPlan>[1]
type Process = ServiceMap[string]['process']
type Question = Parameters<Process>[0]
type Answer = Awaited<ReturnType<Process>>
type Data = Record<string, unknown>
type Values = Readonly<Record<string, unknown>>

/** An object of the merged data, and those around it, from the root to itself. */
type Place = readonly Data[]

export function withContexts(services: ServiceMap, node: PlanNode | undefined, schema: GraphQLSchema): ServiceMap {
  const rewrites = new Map(
    fetchesOf(node).flatMap(({ operation, contextRewrites }) =>
      contextRewrites?.length ? [[operation, contextRewrites] as const] : [],
    ),
  )
  if (rewrites.size === 0) return services
  const merged: Data = Object.create(null)

  const around =
    (process: Process): Process =>
    async (question) => {
      const { query, variables } = question.request
      const representations = variables?.representations as readonly Data[] | undefined
      const wanted = rewrites.get(query!)
      if (!representations || !wanted) {
        const answer = await process(question)
        if (!representations) for (const name of Object.keys(answer.data ?? {})) merged[name] ??= answer.data![name]
        return answer
      }
      const path = 'pathInIncomingRequest' in question ? (question.pathInIncomingRequest ?? []) : []
      const places = aligned(representations, [...placesAt([merged], path)])
      return inGroups(representations, (index) => surroundings(places[index] ?? [], wanted, schema), process, question)
    }

  return Object.fromEntries(Object.entries(services).map(([name, { process }]) => [name, { process: around(process) }]))
}

/** Asks once for all entities with equal values, and puts the answers together again. */
async function inGroups(
  representations: readonly Data[],
  valuesOf: (index: number) => Values,
  process: Process,
  question: Question,
): Promise<Answer> {
  const groups = new Map<string, { values: Values; members: number[] }>()
  for (const index of representations.keys()) {
    const values = valuesOf(index)
    const group = groups.get(JSON.stringify(values)) ?? { values, members: [] }
    groups.set(JSON.stringify(values), group)
    group.members.push(index)
  }
  const entities: unknown[] = representations.map(() => null)
  const errors: GraphQLFormattedError[] = []
  await Promise.all(
    [...groups.values()].map(async ({ values, members }) => {
      const variables = {
        ...question.request.variables,
        ...values,
        representations: members.map((index) => representations[index]),
      }
      const answer = await process({ ...question, request: { ...question.request, variables } })
      const received = answer.data?._entities
      if (Array.isArray(received)) for (const [at, entity] of received.entries()) entities[members[at]!] = entity
      for (const error of answer.errors ?? []) errors.push(replaced(error, members))
    }),
  )
  return { data: { _entities: entities }, ...(errors.length > 0 && { errors }) } as Answer
}

/** An error's path, of a group's entity, among all. */
function replaced(error: GraphQLFormattedError, members: readonly number[]): GraphQLFormattedError {
  const [root, at, ...rest] = error.path ?? []
  const index = typeof at === 'number' ? members[at] : undefined
  return index === undefined ? error : { ...error, path: [root!, index, ...rest] }
}

/** The values of the arguments, as the entity's surroundings have them. */
function surroundings(place: Place, rewrites: readonly FetchDataKeyRenamer[], schema: GraphQLSchema): Values {
  const values: Record<string, unknown> = {}
  for (const { path, renameKeyTo } of rewrites) {
    const ups = path.findIndex((step) => step !== '..')
    const value = follow(place[place.length - 1 - ups], path.slice(ups), schema)
    if (value !== undefined) values[renameKeyTo] = value
  }
  return values
}

/** What a path of names and `... on Type` leads to; undefined where it does not apply. */
function follow(value: unknown, path: readonly string[], schema: GraphQLSchema): unknown {
  const [step, ...rest] = path
  if (step === undefined || value === null || value === undefined) return value
  if (Array.isArray(value)) return value.map((item) => follow(item, path, schema))
  const object = value as Data
  if (!step.startsWith('... on ')) return follow(object[step], rest, schema)
  return isOf(schema, object.__typename, step.slice('... on '.length)) ? follow(object, rest, schema) : undefined
}

function isOf(schema: GraphQLSchema, typename: unknown, condition: string): boolean {
  if (typename === undefined || typename === condition) return true
  const type = schema.getType(String(typename))
  const abstract = schema.getType(condition)
  return isObjectType(type) && isAbstractType(abstract) && schema.isSubType(abstract, type)
}

/** The objects at a plan's path, in their order. */
function* placesAt(place: Place, path: readonly (string | number)[]): Generator<Place> {
  const [step, ...rest] = path
  if (step === undefined) {
    yield place
    return
  }
  const below = step === '@' ? [place.at(-1)] : [place.at(-1)?.[step]]
  for (const value of below.flat(Infinity)) {
    if (value === null || typeof value !== 'object') continue
    yield* placesAt(step === '@' ? place : [...place, value as Data], rest)
  }
}

/** The place of each representation: the executor passes over objects that a fetch does not apply to. */
function aligned(representations: readonly Data[], places: readonly Place[]): readonly (Place | undefined)[] {
  let next = 0
  return representations.map((representation) => {
    while (next < places.length && !holds(places[next]!.at(-1), representation)) next += 1
    const place = places[next]
    next += 1
    return place
  })
}

/** Whether an object has all that a representation of it says; the type may have been rewritten to an interface's. */
function holds(object: unknown, representation: unknown): boolean {
  if (Array.isArray(representation))
    return Array.isArray(object) && representation.every((item, index) => holds(object[index], item))
  if (representation === null || typeof representation !== 'object') return object === representation
  if (object === null || typeof object !== 'object') return false
  return Object.entries(representation).every(
    ([name, value]) => name === '__typename' || holds((object as Data)[name], value),
  )
}
