/** Which funds and share classes the caller's tenant may see, as the warehouse's row policies have it. */
import { inList } from '@fundmesh/platform/warehouse/in-list'
import type { Warehouse } from '@fundmesh/platform/warehouse/warehouse'

/** A fund or share class by its key alone: its facts are other teams'. */
export interface Stub {
  readonly id: string
}

function visible(name: string, column: string, table: string) {
  return async (warehouse: Warehouse, ids: readonly string[]): Promise<readonly Stub[]> => {
    const { sql, parameters } = inList('id', ids)
    const rows = await warehouse.query({
      name,
      sql: `select ${column} as id from ${table} where ${column} in ${sql}`,
      parameters,
    })
    return rows.map(({ id }) => ({ id: String(id) }))
  }
}

export const visibleFunds = visible('entitlement.funds', 'fund_id', 'gold.fund')
export const visibleShareClasses = visible('entitlement.share-classes', 'share_class_id', 'gold.share_class')
