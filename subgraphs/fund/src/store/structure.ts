/** Which fund every share class belongs to, whoever may see it. Asked with the login that may read nothing else. */
import type { Warehouse } from '@fundmesh/platform/warehouse/warehouse'
import { z } from 'zod'

export interface Membership {
  readonly shareClassId: string
  readonly fundId: string
}

export async function everyMembership(warehouse: Warehouse): Promise<readonly Membership[]> {
  const rows = await warehouse.query({
    name: 'structure.every',
    sql: 'select share_class_id, fund_id from gold.share_class',
    parameters: {},
  })
  return rows.map((row) => {
    const { share_class_id: shareClassId, fund_id: fundId } = published.parse(row)
    return { shareClassId, fundId }
  })
}

/** How many share classes there are: a new one makes it grow, and none is ever taken away. */
export async function countOfMemberships(warehouse: Warehouse): Promise<number> {
  const [row] = await warehouse.query({
    name: 'structure.count',
    sql: 'select count(share_class_id) as share_classes from gold.share_class',
    parameters: {},
  })
  return Number(row?.share_classes)
}

const published = z.object({ share_class_id: z.string(), fund_id: z.string() })
