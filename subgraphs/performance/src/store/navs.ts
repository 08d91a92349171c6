import type { AsOf } from '@fundmesh/platform/service/as-of'
import { inList } from '@fundmesh/platform/warehouse/in-list'
import type { Warehouse } from '@fundmesh/platform/warehouse/warehouse'
import { z } from 'zod'
import type { Nav } from '../domain/nav.ts'

/** A NAV and the share class it belongs to. */
export interface NavRow extends Nav {
  readonly shareClassId: string
}

/** Share classes that one statement reads whole: 20 years of a hundred are about 60 MB, and a result has a bound. */
const seriesPerStatement = 100

/** The whole histories of the share classes in the versions known at `knownAt`, each by ascending day. */
export async function navSeries(
  warehouse: Warehouse,
  shareClassIds: readonly string[],
  knownAt: string,
): Promise<readonly NavRow[]> {
  const parts: Promise<readonly NavRow[]>[] = []
  for (let from = 0; from < shareClassIds.length; from += seriesPerStatement) {
    parts.push(navSeriesPart(warehouse, shareClassIds.slice(from, from + seriesPerStatement), knownAt))
  }
  return (await Promise.all(parts)).flat()
}

async function navSeriesPart(warehouse: Warehouse, shareClassIds: readonly string[], knownAt: string) {
  const list = inList('id', shareClassIds)
  const rows = await warehouse.query({
    name: 'nav.series',
    sql: `select ${columns} from gold.nav n
      where n.share_class_id in ${list.sql} and ${known('n')}
      order by n.share_class_id, n.nav_date`,
    parameters: { ...list.parameters, known_at: knownAt },
  })
  return rows.map(parse)
}

/** For each of the share classes, the last NAV on or before `validAt` in the version known at `knownAt`. */
export async function latestNavs(
  warehouse: Warehouse,
  shareClassIds: readonly string[],
  { validAt, knownAt }: AsOf,
): Promise<readonly NavRow[]> {
  const list = inList('id', shareClassIds)
  // The day first, from the end of the primary key; ranking whole histories would read them. The limit cuts nothing off:
  // it keeps PostgreSQL from joining the whole table before it looks for the days.
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

const columns = `n.share_class_id, to_char(n.nav_date, 'YYYY-MM-DD') as nav_date, n.nav_price, n.currency`

const known = (alias: string) =>
  `${alias}.recorded_from <= :known_at::timestamptz and :known_at::timestamptz < ${alias}.recorded_to`

const published = z.object({
  share_class_id: z.string(),
  nav_date: z.string(),
  nav_price: z.string(),
  currency: z.string(),
})

function parse(row: unknown): NavRow {
  const nav = published.parse(row)
  return { shareClassId: nav.share_class_id, date: nav.nav_date, price: nav.nav_price, currency: nav.currency }
}
