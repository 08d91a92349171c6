import { inList } from '@fundmesh/platform/warehouse/in-list'
import type { Warehouse } from '@fundmesh/platform/warehouse/warehouse'
import { z } from 'zod'

/** That a product covers a fund. */
export interface CoverageRow {
  readonly productId: string
  readonly fundId: string
}

/** The funds that these products cover, of those that the tenant may see, by id. */
export async function coverageOfProducts(
  warehouse: Warehouse,
  productIds: readonly string[],
): Promise<readonly CoverageRow[]> {
  const list = inList('id', productIds)
  const rows = await warehouse.query({
    name: 'coverage.ofProduct',
    sql: `select product_id, fund_id from gold.product_coverage where product_id in ${list.sql}
      order by product_id, fund_id`,
    parameters: list.parameters,
  })
  return rows.map((row) => {
    const covered = published.parse(row)
    return { productId: covered.product_id, fundId: covered.fund_id }
  })
}

const published = z.object({ product_id: z.string(), fund_id: z.string() })
