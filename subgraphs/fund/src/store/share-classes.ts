import { inList } from '@fundmesh/platform/warehouse/in-list'
import type { Warehouse, WarehouseRow } from '@fundmesh/platform/warehouse/warehouse'
import { z } from 'zod'

/** A share class as the warehouse publishes it. */
export interface ShareClassRow {
  readonly id: string
  readonly fundId: string
  readonly isin: string | null
  readonly name: string
  readonly currency: string
  readonly launchDate: string
}

/** A page of each fund's share classes by id. */
export interface ShareClassesOfFund {
  /** The share class behind which the page begins. */
  readonly after: string | undefined
  readonly rows: number
}

export async function shareClassesById(
  warehouse: Warehouse,
  ids: readonly string[],
): Promise<readonly ShareClassRow[]> {
  const list = inList('id', ids)
  const rows = await warehouse.query({
    name: 'shareClass.byId',
    sql: `select ${columns} from gold.share_class where share_class_id in ${list.sql}`,
    parameters: list.parameters,
  })
  return rows.map(parse)
}

export async function shareClassesByIsin(
  warehouse: Warehouse,
  isins: readonly string[],
): Promise<readonly ShareClassRow[]> {
  const list = inList('isin', isins)
  // The rows that may be seen first, and among them the ISINs. The other way round, an ISIN of somebody else's would cost
  // a look at the row policies that one of nobody's does not: the time would tell them apart. `offset 0` keeps the order.
  const rows = await warehouse.query({
    name: 'shareClass.byIsin',
    sql: `select ${columns} from (select * from gold.share_class offset 0) as visible where isin in ${list.sql}`,
    parameters: list.parameters,
  })
  return rows.map(parse)
}

/** For each of the funds, its first `rows` share classes by id. */
export async function shareClassesOfFunds(
  warehouse: Warehouse,
  fundIds: readonly string[],
  { after, rows }: ShareClassesOfFund,
): Promise<readonly ShareClassRow[]> {
  const list = inList('fund', fundIds)
  const found = await warehouse.query({
    name: 'shareClass.ofFund',
    sql: `select share_class_id, fund_id, isin, name, currency, launch_date from (
        select ${columns}, row_number() over (partition by fund_id order by share_class_id) as place
        from gold.share_class
        where fund_id in ${list.sql} ${after === undefined ? '' : 'and share_class_id > :after'}
      ) as placed
      where place <= ${rows}
      order by fund_id, share_class_id`,
    parameters: { ...list.parameters, ...(after === undefined ? {} : { after }) },
  })
  return found.map(parse)
}

/** The share class that stands for each of the funds, where the tenant may see it. */
export async function primaryShareClasses(
  warehouse: Warehouse,
  fundIds: readonly string[],
): Promise<readonly ShareClassRow[]> {
  const list = inList('fund', fundIds)
  const rows = await warehouse.query({
    name: 'shareClass.primaryOfFund',
    sql: `select ${columns} from gold.share_class where is_primary and fund_id in ${list.sql}`,
    parameters: list.parameters,
  })
  return rows.map(parse)
}

const columns = `share_class_id, fund_id, isin, name, currency, to_char(launch_date, 'YYYY-MM-DD') as launch_date`

const published = z.object({
  share_class_id: z.string(),
  fund_id: z.string(),
  isin: z.string().nullable(),
  name: z.string(),
  currency: z.string(),
  launch_date: z.string(),
})

function parse(row: WarehouseRow): ShareClassRow {
  const shareClass = published.parse(row)
  return {
    id: shareClass.share_class_id,
    fundId: shareClass.fund_id,
    isin: shareClass.isin,
    name: shareClass.name,
    currency: shareClass.currency,
    launchDate: shareClass.launch_date,
  }
}
