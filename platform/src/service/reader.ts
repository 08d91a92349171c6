/**
 * What a subgraph's request reads with: a warehouse handle and a sight of the grants for one field set. The sight drops
 * what may not be seen before the warehouse is asked, and once more from what it answered; the row policies decide in
 * between. An id that may not be seen and one that does not exist take the same path: no statement is made for either.
 */
import type { ResourceKind } from '@fundmesh/contracts/generated/events'
import { REACH_MS } from '../grants/decidable.ts'
import type { FieldSet } from '../grants/reading.ts'
import type { GrantsReplica } from '../grants/replica.ts'
import { type Passport, readingOf } from '../identity/passport.ts'
import { KEYS_PER_STATEMENT } from '../warehouse/loaders.ts'
import type { Warehouse, WarehousePort } from '../warehouse/warehouse.ts'
import { withEpoch } from '../warehouse/with-epoch.ts'

/** What one way of reading may see, at the real now. */
export interface Sight {
  sees(kind: ResourceKind, id: string): boolean
  /** The last date whose values may be seen, as an embargo may hide the newest; null: any; undefined: none. */
  lastDate(kind: ResourceKind, id: string): string | null | undefined
  /** Every id that may be seen, ascending. */
  all(kind: ResourceKind): readonly string[]
}

export interface Reader extends Warehouse, Sight {}

/** Makes the readers of one request: one for each field set. */
export function readersOf(
  passport: Passport,
  grants: Pick<GrantsReplica, 'mayRead' | 'visible' | 'lastVisibleDate'>,
  warehouse: WarehousePort,
): (fieldSet: FieldSet) => Reader {
  return (fieldSet) => {
    const reading = readingOf(passport, fieldSet)
    const { query } = withEpoch(warehouse.forReading(reading), passport.atLeastEpoch, { withinMs: REACH_MS })
    return {
      query,
      sees: (kind, id) => grants.mayRead(reading, { kind, id }, new Date()),
      lastDate: (kind, id) => grants.lastVisibleDate(reading, { kind, id }, new Date()),
      all: (kind) => grants.visible(reading, kind, new Date()),
    }
  }
}

/** Asks for rows by keys. */
type Ask<Row> = (keys: readonly string[]) => Promise<readonly Row[]>

/** Asks for the keys alone that may be seen. */
export const askSeen =
  <Row>(sight: Sight, kind: ResourceKind, ask: Ask<Row>): Ask<Row> =>
  async (keys) => {
    const seen = keys.filter((key) => sight.sees(kind, key))
    return seen.length > 0 ? ask(seen) : []
  }

/** Gives on those rows alone whose thing may be seen. */
export const showSeen =
  <Row>(sight: Sight, kind: ResourceKind, ask: Ask<Row>, idOf: (row: Row) => string): Ask<Row> =>
  async (keys) =>
    (await ask(keys)).filter((row) => sight.sees(kind, idOf(row)))

/** Asks for dated values of the things alone that may be seen, and gives on those whose date may be. */
export const askSeenValues = <Row>(
  sight: Sight,
  kind: ResourceKind,
  ask: Ask<Row>,
  placeOf: (row: Row) => readonly [id: string, date: string],
): Ask<Row> =>
  askSeen(sight, kind, async (keys) => {
    const rows = await ask(keys)
    const last = new Map(keys.map((key) => [key, sight.lastDate(kind, key)]))
    return rows.filter((row) => {
      const [id, date] = placeOf(row)
      const bound = last.get(id)
      return bound === null || (bound !== undefined && date <= bound)
    })
  })

/** A page of the things that may be seen, by id. */
export interface SeenPage<Row> {
  /** Ascending. */
  readonly ids: readonly string[]
  /** The id behind which the page begins. */
  readonly after: string | undefined
  readonly rows: number
  readonly ask: Ask<Row>
  readonly idOf: (row: Row) => string
}

/** The first `rows` things behind `after` that are there, in the order of their ids. */
export async function seenPage<Row>({ ids, after, rows, ask, idOf }: SeenPage<Row>): Promise<readonly Row[]> {
  const page: Row[] = []
  let rest = after === undefined ? ids : ids.filter((id) => id > after)
  // A grant may name a thing that is not there (yet): then a second statement fills the page.
  while (page.length < rows && rest.length > 0) {
    const asked = rest.slice(0, Math.min(rows - page.length, KEYS_PER_STATEMENT))
    rest = rest.slice(asked.length)
    const found = new Map((await ask(asked)).map((row) => [idOf(row), row]))
    page.push(...asked.flatMap((id) => found.get(id) ?? []))
  }
  return page
}
