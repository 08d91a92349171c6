import { canonicalDateTime } from '@fundmesh/platform/scalars/date-time'
import { canonicalDecimal } from '@fundmesh/platform/scalars/decimal'
import type { AsOf } from '@fundmesh/platform/service/as-of'
import { inList } from '@fundmesh/platform/warehouse/in-list'
import type { Warehouse, WarehouseRow } from '@fundmesh/platform/warehouse/warehouse'
import { z } from 'zod'

/** One version of one net asset value, as the warehouse publishes it. */
export interface NavRow {
  readonly shareClassId: string
  readonly navDate: string
  /** Per share, in units of `currency`; canonical. */
  readonly navPrice: string
  readonly currency: string
  /** 1 for the first value published for its day. */
  readonly version: number
  /** When this version became known, canonical. */
  readonly recordedAt: string
  readonly source: string
  readonly fileName: string
  readonly fileSha256: string
  readonly line: number
}

/** A page of each share class's history, oldest first. */
export interface NavHistory {
  /** First and last day, inclusive; absent: from the beginning, to the end. */
  readonly from: string | undefined
  readonly to: string | undefined
  /** The day behind which the page begins. */
  readonly after: string | undefined
  /** The instant whose knowledge is shown. */
  readonly knownAt: string
  readonly rows: number
}

/** For each of the share classes, the last NAV on or before `validAt` in the version that was known at `knownAt`. */
export async function latestNavs(
  warehouse: Warehouse,
  shareClassIds: readonly string[],
  { validAt, knownAt }: AsOf,
): Promise<readonly NavRow[]> {
  const list = inList('id', shareClassIds)
  // The day first, by the primary key from its end; ranking every version of a long history would read it all. The
  // limit cuts nothing off: it keeps PostgreSQL from joining the whole table before it looks for the days.
  const rows = await warehouse.query({
    name: 'nav.latest',
    sql: `select ${columns} from gold.nav n
      join (
        select s.share_class_id, (
          select max(d.nav_date) from gold.nav d
          where d.share_class_id = s.share_class_id and d.nav_date <= :valid_at::date and ${known('d')}
        ) as nav_date
        from gold.share_class s where s.share_class_id in ${list.sql}
        limit ${shareClassIds.length}
      ) latest on latest.share_class_id = n.share_class_id and latest.nav_date = n.nav_date
      where ${known('n')}`,
    parameters: { ...list.parameters, valid_at: validAt, known_at: knownAt },
  })
  return rows.map(parse)
}

/** For each of the share classes, the first `rows` NAVs of its history, in the versions that were known at `knownAt`. */
export async function navHistories(
  warehouse: Warehouse,
  shareClassIds: readonly string[],
  { from, to, after, knownAt, rows }: NavHistory,
): Promise<readonly NavRow[]> {
  const list = inList('id', shareClassIds)
  const bounds = [
    ...(from === undefined ? [] : ['and n.nav_date >= :from_day::date']),
    ...(to === undefined ? [] : ['and n.nav_date <= :to_day::date']),
    ...(after === undefined ? [] : ['and n.nav_date > :after_day::date']),
  ]
  const found = await warehouse.query({
    name: 'nav.history',
    sql: `select ${columns} from (
        select h.*, row_number() over (partition by h.share_class_id order by h.nav_date) as place
        from (
          select * from gold.nav n
          where n.share_class_id in ${list.sql} ${bounds.join(' ')} and ${known('n')}
        ) h
      ) n
      where n.place <= ${rows}
      order by n.share_class_id, n.nav_date`,
    parameters: {
      ...list.parameters,
      known_at: knownAt,
      ...(from === undefined ? {} : { from_day: from }),
      ...(to === undefined ? {} : { to_day: to }),
      ...(after === undefined ? {} : { after_day: after }),
    },
  })
  return found.map(parse)
}

const known = (alias: string) =>
  `${alias}.recorded_from <= :known_at::timestamptz and :known_at::timestamptz < ${alias}.recorded_to`

const columns = `n.share_class_id, to_char(n.nav_date, 'YYYY-MM-DD') as nav_date, n.nav_price, n.currency, n.version,
  to_char(n.recorded_from at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as recorded_at,
  n.source, n.file_name, n.file_sha256, n.line`

const published = z.object({
  share_class_id: z.string(),
  nav_date: z.string(),
  nav_price: z.string(),
  currency: z.string(),
  version: z.number(),
  recorded_at: z.string(),
  source: z.string(),
  file_name: z.string(),
  file_sha256: z.string(),
  line: z.number(),
})

function parse(row: WarehouseRow): NavRow {
  const nav = published.parse(row)
  return {
    shareClassId: nav.share_class_id,
    navDate: nav.nav_date,
    navPrice: canonicalDecimal(nav.nav_price),
    currency: nav.currency,
    version: nav.version,
    recordedAt: canonicalDateTime(nav.recorded_at),
    source: nav.source,
    fileName: nav.file_name,
    fileSha256: nav.file_sha256,
    line: nav.line,
  }
}
