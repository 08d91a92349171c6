import { inList } from '@fundmesh/platform/warehouse/in-list'
import type { Warehouse, WarehouseRow } from '@fundmesh/platform/warehouse/warehouse'
import { z } from 'zod'

/** A fund as the warehouse publishes it. */
export interface FundRow {
  readonly id: string
  readonly legalFundName: string
  readonly fundHouse: string
  readonly category: string
  readonly domicile: string
  readonly baseCurrency: string
  readonly inceptionDate: string
}

export async function fundsById(warehouse: Warehouse, ids: readonly string[]): Promise<readonly FundRow[]> {
  const list = inList('id', ids)
  const rows = await warehouse.query({
    name: 'fund.byId',
    sql: `select ${columns} from gold.fund where fund_id in ${list.sql}`,
    parameters: list.parameters,
  })
  return rows.map(parse)
}

const columns = `fund_id, legal_fund_name, fund_house, category, domicile, base_currency,
  to_char(inception_date, 'YYYY-MM-DD') as inception_date`

const published = z.object({
  fund_id: z.string(),
  legal_fund_name: z.string(),
  fund_house: z.string(),
  category: z.string(),
  domicile: z.string(),
  base_currency: z.string(),
  inception_date: z.string(),
})

function parse(row: WarehouseRow): FundRow {
  const fund = published.parse(row)
  return {
    id: fund.fund_id,
    legalFundName: fund.legal_fund_name,
    fundHouse: fund.fund_house,
    category: fund.category,
    domicile: fund.domicile,
    baseCurrency: fund.base_currency,
    inceptionDate: fund.inception_date,
  }
}
