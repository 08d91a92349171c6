/**
 * Pushes the allowed keys into the plan: a representation of a thing that the caller may not see is not sent to the
 * subgraph, and stands in its answer as null, which is what the subgraph answers for a thing that does not exist. It
 * decides as the subgraph will; the subgraph and the row policies decide again.
 */
import type { RowContract } from '@fundmesh/contracts/rows'
import type { Channel } from '@fundmesh/platform/grants/reading'
import type { GrantsReplica } from '@fundmesh/platform/grants/replica'
import type { Caller } from '@fundmesh/platform/identity/caller'
import { SubgraphFailure } from './subgraph-client.ts'

type Variables = Readonly<Record<string, unknown>>
type Path = readonly (string | number)[]
interface Answer<Error> {
  readonly data: Record<string, unknown> | null
  readonly errors: readonly Error[]
}

/** A question without the representations that may not be seen. */
export interface PushedQuestion {
  /** Undefined: nothing is left to be asked. */
  readonly variables: Variables | undefined
  /** An answer to it as an answer to the whole question. */
  restore<Error extends { readonly path?: Path | undefined }>(answer: Answer<Error>): Answer<Error>
}

/** Throws a SubgraphFailure while the grants are not known. */
export type PushKeys = (
  subgraph: string,
  asking: { readonly caller: Caller; readonly channel: Channel },
  variables: Variables,
) => PushedQuestion

export function keyPush(rows: RowContract, grants: Pick<GrantsReplica, 'mayRead' | 'ready'>): PushKeys {
  return (subgraph, { caller: { tenant, region }, channel }, variables) => {
    const { representations } = variables
    const fieldSets = rows.fieldSets.get(subgraph)
    if (!Array.isArray(representations) || !fieldSets) return whole(variables)
    const now = new Date()
    const maySee = (representation: Readonly<Record<string, unknown>>) => {
      const entity = rows.entities.get(String(representation.__typename))
      const id = entity && representation[entity.key]
      // By another key: which thing is meant, only the subgraph knows.
      if (!entity || typeof id !== 'string') return true
      if (!grants.ready()) throw new SubgraphFailure('SERVICE_UNAVAILABLE', subgraph, 'the grants are not known')
      return fieldSets.some((fieldSet) =>
        grants.mayRead({ tenant, region, channel, fieldSet }, { kind: entity.kind, id }, now),
      )
    }
    /** Places of what is asked, in the whole list. */
    const places = representations.flatMap((representation, place) => (maySee(representation) ? [place] : []))
    if (places.length === representations.length) return whole(variables)
    return {
      variables:
        places.length > 0
          ? { ...variables, representations: places.map((place) => representations[place]) }
          : undefined,
      restore: ({ data, errors }) => ({
        data: data && { ...data, _entities: spread(data._entities, places, representations.length) },
        errors: errors.map((error) => (error.path ? { ...error, path: placed(error.path, places) } : error)),
      }),
    }
  }
}

const whole = (variables: Variables): PushedQuestion => ({ variables, restore: (answer) => answer })

function spread(entities: unknown, places: readonly number[], length: number): unknown {
  if (!Array.isArray(entities)) return entities
  const all = new Array<unknown>(length).fill(null)
  for (const [index, place] of places.entries()) all[place] = entities[index]
  return all
}

/** `_entities`, its index, and what is below. */
const placed = ([root, index, ...rest]: Path, places: readonly number[]): Path =>
  root === '_entities' && typeof index === 'number'
    ? [root, places[index] ?? index, ...rest]
    : [root!, ...(index === undefined ? [] : [index]), ...rest]
