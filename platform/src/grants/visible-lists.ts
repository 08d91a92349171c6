/** The lists that tenants asked for, kept until something changes them: an epoch, the structure, or time. Bounded. */
import type { ResourceKind } from '@fundmesh/contracts/generated/events'
import { LRUCache } from 'lru-cache'
import type { Reading } from './reading.ts'
import type { Order } from './resource-numbers.ts'

/** What a list was made from. The same objects: the same list, while time changes nothing. */
export interface Made<Held> {
  readonly held: Held
  readonly order: Order
  readonly structure: number
}

interface List<Held> extends Made<Held> {
  readonly ids: readonly string[]
  /** In milliseconds; the list holds from then until, exclusive. */
  readonly since: number
  readonly until: number
}

/** The ids that all lists together may name: 8 bytes each, the texts are shared. */
const MOST_IDS = 4_000_000

export class VisibleLists<Held> {
  readonly #lists = new LRUCache<string, List<Held>>({
    maxSize: MOST_IDS,
    sizeCalculation: ({ ids }) => ids.length + 32,
  })

  /** The list as it stands, or a new one. */
  take(
    { tenant, channel, region, fieldSet }: Reading,
    kind: ResourceKind,
    at: Date,
    made: Made<Held>,
    until: () => number,
    make: () => readonly string[],
  ): readonly string[] {
    const key = [tenant, channel, region ?? '', fieldSet, kind].join('\0')
    const now = at.getTime()
    const known = this.#lists.get(key)
    const same = known?.held === made.held && known.order === made.order && known.structure === made.structure
    if (known && same && known.since <= now && now < known.until) return known.ids
    const ids = make()
    this.#lists.set(key, { ...made, ids, since: now, until: until() })
    return ids
  }
}
