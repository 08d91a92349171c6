/**
 * Pushes the allowed keys into the plan: a representation of a thing that the caller may not see is not sent to the
 * subgraph, and nothing is merged for it, as if the subgraph had answered null for a thing that does not exist. It
 * decides as the subgraph will; the subgraph and the row policies decide again.
 */
import type { RowContract } from '@fundmesh/contracts/rows'
import type { Channel } from '@fundmesh/platform/grants/reading'
import type { GrantsReplica } from '@fundmesh/platform/grants/replica'
import type { Caller } from '@fundmesh/platform/identity/caller'
import type { Batch } from './batch.ts'
import type { Data } from './data.ts'
import { SubgraphFailure } from './subgraph-client.ts'

/** The part of a batch that may be sent. Throws a SubgraphFailure while the grants are not known. */
export type PushKeys = (
  subgraph: string,
  asking: { readonly caller: Caller; readonly channel: Channel },
  batch: Batch,
) => Batch

export function keyPush(rows: RowContract, grants: Pick<GrantsReplica, 'mayRead' | 'ready'>): PushKeys {
  return (subgraph, { caller: { tenant, region }, channel }, batch) => {
    const fieldSets = rows.fieldSets.get(subgraph)
    if (!fieldSets) return batch
    const now = new Date()
    const maySee = (representation: Readonly<Data>) => {
      const entity = rows.entities.get(String(representation.__typename))
      const id = entity && representation[entity.key]
      // By another key: which thing is meant, only the subgraph knows.
      if (!entity || typeof id !== 'string') return true
      if (!grants.ready()) throw new SubgraphFailure('SERVICE_UNAVAILABLE', subgraph, 'the grants are not known')
      return fieldSets.some((fieldSet) =>
        grants.mayRead({ tenant, region, channel, fieldSet }, { kind: entity.kind, id }, now),
      )
    }
    /** For each text its place among those that are left; undefined where it is taken out. */
    const places: (number | undefined)[] = []
    let left = 0
    for (const text of batch.texts) {
      const seen = maySee(JSON.parse(text))
      places.push(seen ? left : undefined)
      if (seen) left += 1
    }
    return left === batch.texts.length ? batch : leftOf(batch, places)
  }
}

function leftOf({ texts, targets, indexes, uses }: Batch, places: readonly (number | undefined)[]): Batch {
  const stays = (_: unknown, at: number) => places[indexes[at]!] !== undefined
  return {
    texts: texts.filter((_, index) => places[index] !== undefined),
    targets: targets.filter(stays),
    indexes: indexes.filter(stays).map((index) => places[index]!),
    uses: uses.filter(stays),
  }
}
