/**
 * Where in the answer an error of a fetch belongs. A subgraph says it in its own terms: a root field, or an entity by its
 * place in `_entities`, behind which several objects of the merged data may stand. Of a subgraph's text nothing goes out
 * but messages that are meant for the caller.
 */
import type { GraphQLError } from 'graphql'
import { type ErrorCode, partialError } from '../errors/catalogue.ts'
import type { EntityUse, Lookup, RootFields } from './asks.ts'
import type { Batch } from './batch.ts'
import type { Data, Path } from './data.ts'
import { pathBefore, placesAt } from './places.ts'
import { rewrittenPath } from './rewrites.ts'
import { isUndecided, type SubgraphError } from './subgraph-client.ts'

/** Errors that one failed request may add to an answer, and those that one subgraph's answer may. */
const maxHoles = 20
const maxErrors = 1_000

/** Codes of a subgraph whose message is meant for the caller; every other error says only that something failed. */
const callersMistakes = new Set<unknown>(['BAD_USER_INPUT', 'FORBIDDEN'])

/** What an answer or a failure is about. */
export interface Asked {
  /** The places that stay empty when nothing comes. */
  holes(): readonly Path[]
  /** The places that a subgraph's path means; undefined: it means none. */
  placesOf(path: Path): readonly Path[] | undefined
  /** Where what was asked for belongs, as far as that is one place. */
  readonly around: Path
}

/** The errors of a subgraph's answer, at their places. `unanswered`: nothing else came. */
export function subgraphErrors(asked: Asked, errors: readonly SubgraphError[], unanswered: boolean): GraphQLError[] {
  const found: GraphQLError[] = []
  for (const error of errors) {
    const paths = asked.placesOf(pathOf(error)) ?? (unanswered ? asked.holes() : [asked.around])
    for (const path of paths) {
      if (found.length === maxErrors) return found
      found.push(fromSubgraph(error, path))
    }
  }
  return found
}

/** The errors of what gave nothing, one at each place that it leaves empty. */
export const failure = (code: ErrorCode, holes: readonly Path[]): GraphQLError[] =>
  holes.slice(0, maxHoles).map((path) => partialError(code, undefined, at(path)))

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

export function askedRoots({ path, document, rewrites }: RootFields, merged: Data): Asked {
  const parents = () => (path.length > 0 ? placesAt(merged, path).map((place) => place.path) : [[]])
  return {
    around: pathBefore(path),
    holes: () => parents().flatMap((parent) => document.roots.map((name) => [...parent, name])),
    placesOf(steps) {
      if (steps.length === 0) return undefined
      const own = rewrittenPath(rewrites, steps)
      return parents().map((parent) => [...parent, ...own])
    },
  }
}

/** A lookup that was asked for: under which name, and for whom. */
export interface AskedLookup {
  readonly entities: string
  readonly lookup: Lookup
  readonly batch: Batch
}

export function askedEntities(lookups: readonly AskedLookup[], merged: Data): Asked {
  const known = new Map<AskedLookup, ReadonlyMap<number, readonly Standing[]>>()
  const standing = (asked: AskedLookup) => {
    const before = known.get(asked) ?? standingOf(asked, merged)
    known.set(asked, before)
    return before
  }
  return {
    around: pathBefore(lookups[0]!.lookup.uses[0]!.path),
    holes: () =>
      lookups.flatMap((asked) =>
        [...standing(asked).values()].flat().flatMap(({ object, path }) => {
          const fields = asked.lookup.document.fieldsOf(object.__typename)
          return fields.length > 0 ? fields.map((name) => [...path, name]) : [path]
        }),
      ),
    placesOf([root, index, ...rest]) {
      const asked = lookups.find(({ entities }) => entities === root)
      if (!asked || typeof index !== 'number') return undefined
      const own = rewrittenPath(asked.lookup.rewrites, rest)
      return standing(asked)
        .get(index)
        ?.map(({ path }) => [...path, ...own])
    },
  }
}

/** The places that stay empty as the entities there cannot be asked for. */
export function passedOver({ document }: Lookup, { path, representation }: EntityUse, merged: Data): readonly Path[] {
  return placesAt(merged, path).flatMap(({ object, path: place }) => {
    const type = object.__typename
    if (!representation.says(type) || representation.write(object) !== undefined) return []
    return document.fieldsOf(type).map((name) => [...place, name])
  })
}

interface Standing {
  readonly object: Data
  readonly path: Path
}

/** The objects behind each entity, with their places. */
function standingOf({ lookup, batch }: AskedLookup, merged: Data): ReadonlyMap<number, readonly Standing[]> {
  const found = new Map<number, Standing[]>()
  for (const [use, { path }] of lookup.uses.entries()) {
    const indexOf = new Map<Data, number>()
    for (const [at, target] of batch.targets.entries())
      if (batch.uses[at] === use) indexOf.set(target, batch.indexes[at]!)
    if (indexOf.size === 0) continue
    for (const place of placesAt(merged, path)) {
      const index = indexOf.get(place.object)
      if (index === undefined) continue
      const others = found.get(index)
      if (others) others.push(place)
      else found.set(index, [place])
    }
  }
  return found
}
