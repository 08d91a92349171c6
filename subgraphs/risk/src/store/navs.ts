import { inList } from '@fundmesh/platform/warehouse/in-list'
import type { Warehouse, WarehouseRow } from '@fundmesh/platform/warehouse/warehouse'
import { z } from 'zod'
import type { Nav } from '../domain/nav.ts'

/** A NAV and the share class it belongs to. */
export interface NavRow extends Nav {
  readonly shareClassId: string
}

/** A part of each share class's history. */
export interface NavWindow {
  /** First and last day, inclusive; absent: from the beginning, to the end. */
  readonly from: string | undefined
  readonly to: string | undefined
  /** The instant whose knowledge is shown. */
  readonly knownAt: string
}

/** Share classes that one statement reads: 20 years of a hundred are about 60 MB, and a result has a bound. */
const seriesPerStatement = 100

/** The NAVs of the window in the versions known at its `knownAt`, each share class's by ascending day. */
export async function navWindows(
  warehouse: Warehouse,
  shareClassIds: readonly string[],
  window: NavWindow,
): Promise<readonly NavRow[]> {
  const parts: Promise<readonly NavRow[]>[] = []
  for (let start = 0; start < shareClassIds.length; start += seriesPerStatement) {
    parts.push(ask(warehouse, shareClassIds.slice(start, start + seriesPerStatement), window))
  }
  return (await Promise.all(parts)).flat()
}

async function ask(
  warehouse: Warehouse,
  shareClassIds: readonly string[],
  { from, to, knownAt }: NavWindow,
): Promise<readonly NavRow[]> {
  const list = inList('id', shareClassIds)
  const bounds = [
    ...(from === undefined ? [] : ['and nav_date >= :from_day::date']),
    ...(to === undefined ? [] : ['and nav_date <= :to_day::date']),
  ]
  const rows = await warehouse.query({
    name: 'nav.window',
    sql: `select share_class_id, to_char(nav_date, 'YYYY-MM-DD') as nav_date, nav_price, currency from gold.nav
      where share_class_id in ${list.sql} ${bounds.join(' ')}
        and recorded_from <= :known_at::timestamptz and :known_at::timestamptz < recorded_to
      order by share_class_id, nav_date`,
    parameters: {
      ...list.parameters,
      known_at: knownAt,
      ...(from === undefined ? {} : { from_day: from }),
      ...(to === undefined ? {} : { to_day: to }),
    },
  })
  return rows.map(parse)
}

const published = z.object({
  share_class_id: z.string(),
  nav_date: z.string(),
  nav_price: z.string(),
  currency: z.string(),
})

function parse(row: WarehouseRow): NavRow {
  const nav = published.parse(row)
  return { shareClassId: nav.share_class_id, date: nav.nav_date, value: Number(nav.nav_price), currency: nav.currency }
}
