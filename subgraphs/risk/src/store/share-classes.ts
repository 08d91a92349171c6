import { inList } from '@fundmesh/platform/warehouse/in-list'
import type { Warehouse } from '@fundmesh/platform/warehouse/warehouse'
import { z } from 'zod'

/** What we need of a share class: that the tenant may see it. */
export interface ShareClassRow {
  readonly id: string
}

export async function shareClassesById(
  warehouse: Warehouse,
  ids: readonly string[],
): Promise<readonly ShareClassRow[]> {
  const list = inList('id', ids)
  const rows = await warehouse.query({
    name: 'shareClass.byId',
    sql: `select share_class_id as id from gold.share_class where share_class_id in ${list.sql}`,
    parameters: list.parameters,
  })
  return rows.map((row) => published.parse(row))
}

const published = z.object({ id: z.string() })
