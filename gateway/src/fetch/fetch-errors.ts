/**
 * Where in the answer an error of a fetch belongs. A subgraph says it in its own terms: a root field, or an entity by its
 * place in `_entities`, behind which several objects of the merged data may stand. Of a subgraph's text nothing goes out
 * but messages that are meant for the caller.
 */
import type { GraphQLError } from 'graphql'
import { type ErrorCode, partialError } from '../errors/catalogue.ts'
import type { Batch } from './batch.ts'
import type { Data, Path } from './data.ts'
import { pathBefore, placesAt } from './places.ts'
import type { Request } from './program.ts'
import { rewrittenPath } from './rewrites.ts'
import { isUndecided, type SubgraphError } from './subgraph-client.ts'

/** Errors that one failed fetch may add to an answer, and those that one subgraph's answer may. */
const maxHoles = 20
const maxErrors = 1_000

/** Codes of a subgraph whose message is meant for the caller; every other error says only that something failed. */
const callersMistakes = new Set<unknown>(['BAD_USER_INPUT', 'FORBIDDEN'])

/** What an answer or a failure is about: a request, and the entities that it asked for. */
export interface Asked {
  readonly request: Request
  /** Undefined: root fields were asked for. */
  readonly batch: Batch | undefined
  readonly merged: Data
}

/** The errors of a subgraph's answer, at their places. `unanswered`: nothing else came. */
export function subgraphErrors(asked: Asked, errors: readonly SubgraphError[], unanswered: boolean): GraphQLError[] {
  const found: GraphQLError[] = []
  let places: PlacesOf | undefined
  for (const error of errors) {
    places ??= placesOf(asked)
    const at = places(pathOf(error))
    const paths = at ?? (unanswered ? holes(asked) : [pathBefore(asked.request.path)])
    for (const path of paths) {
      if (found.length === maxErrors) return found
      found.push(fromSubgraph(error, path))
    }
  }
  return found
}

/** The errors of a fetch that gave nothing, one at each place that it leaves empty. */
export const failure = (asked: Asked, code: ErrorCode, missing = holes(asked)): GraphQLError[] =>
  missing.map((path) => partialError(code, undefined, at(path)))

/** The error of an entity that is none. */
export const wrongEntity = (asked: Asked, index: number): GraphQLError[] =>
  (placesOf(asked)(['_entities', index]) ?? [])
    .slice(0, maxHoles)
    .map((path) => partialError('SUBGRAPH_INVALID_RESPONSE', undefined, at(path)))

function fromSubgraph({ message, code }: SubgraphError, path: Path): GraphQLError {
  if (callersMistakes.has(code)) return partialError(code as 'BAD_USER_INPUT' | 'FORBIDDEN', message, at(path))
  return partialError(isUndecided(code) ? code : 'INTERNAL_SERVER_ERROR', undefined, at(path))
}

const at = (path: Path) => ({ path: path.length > 0 ? path : null })

/** A subgraph's path as far as it is one. */
function pathOf({ path = [] }: SubgraphError): Path {
  const end = path.findIndex((step) => typeof step !== 'string' && typeof step !== 'number')
  return end < 0 ? path : path.slice(0, end)
}

/** The places that a fetch leaves empty when it gives nothing: each root field, or each field of each entity. */
function holes({ request, batch, merged }: Asked): readonly Path[] {
  const { document, path } = request
  if (!batch) {
    const parents = path.length > 0 ? placesAt(merged, path).map((place) => place.path) : [[]]
    return parents.flatMap((parent) => document.roots.map((name) => [...parent, name])).slice(0, maxHoles)
  }
  const targets = new Set(batch.targets)
  const found: Path[] = []
  for (const { object, path: place } of placesAt(merged, path)) {
    if (found.length >= maxHoles) break
    if (!targets.has(object)) continue
    const fields = document.fieldsOf(object.__typename)
    if (fields.length === 0) found.push(place)
    for (const name of fields) found.push([...place, name])
  }
  return found.slice(0, maxHoles)
}

type PlacesOf = (path: Path) => readonly Path[] | undefined

/** Finds the places that a subgraph's path means; undefined: it means none. */
function placesOf({ request, batch, merged }: Asked): PlacesOf {
  const places = request.path.length > 0 || batch ? placesAt(merged, request.path) : undefined
  if (!batch) {
    return (path) => {
      if (path.length === 0) return undefined
      const own = rewrittenPath(request.rewrites, path)
      return places ? places.map((place) => [...place.path, ...own]) : [own]
    }
  }
  const indexOf = new Map(batch.targets.map((target, at) => [target, batch.indexes[at]!]))
  const byIndex = new Map<number, Path[]>()
  for (const { object, path } of places!) {
    const index = indexOf.get(object)
    if (index === undefined) continue
    const others = byIndex.get(index)
    if (others) others.push(path)
    else byIndex.set(index, [path])
  }
  return ([root, index, ...rest]) =>
    root === '_entities' && typeof index === 'number'
      ? byIndex.get(index)?.map((place) => [...place, ...rewrittenPath(request.rewrites, rest)])
      : undefined
}
