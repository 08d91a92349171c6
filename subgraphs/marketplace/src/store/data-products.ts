import { inList } from '@fundmesh/platform/warehouse/in-list'
import type { Warehouse, WarehouseRow } from '@fundmesh/platform/warehouse/warehouse'
import { z } from 'zod'

/** A product of the catalogue. */
export interface DataProductRow {
  readonly id: string
  readonly slug: string
  readonly title: string
  readonly description: string
  readonly cadence: 'INTRADAY' | 'DAILY' | 'ON_CHANGE'
  readonly schema: readonly { readonly name: string; readonly type: string; readonly description: string }[]
}

export async function dataProductsById(
  warehouse: Warehouse,
  ids: readonly string[],
): Promise<readonly DataProductRow[]> {
  const list = inList('id', ids)
  const rows = await warehouse.query({
    name: 'dataProduct.byId',
    sql: `select ${columns} from gold.data_product where product_id in ${list.sql}`,
    parameters: list.parameters,
  })
  return rows.map(parse)
}

export async function dataProductsBySlug(
  warehouse: Warehouse,
  slugs: readonly string[],
): Promise<readonly DataProductRow[]> {
  const list = inList('slug', slugs)
  const rows = await warehouse.query({
    name: 'dataProduct.bySlug',
    sql: `select ${columns} from gold.data_product where slug in ${list.sql}`,
    parameters: list.parameters,
  })
  return rows.map(parse)
}

/** The first `rows` products by id, behind `after` where it is given. */
export async function dataProductsPage(
  warehouse: Warehouse,
  { after, rows }: { readonly after: string | undefined; readonly rows: number },
): Promise<readonly DataProductRow[]> {
  const found = await warehouse.query({
    name: 'dataProduct.page',
    sql: `select ${columns} from gold.data_product ${after === undefined ? '' : 'where product_id > :after'}
      order by product_id limit ${rows}`,
    parameters: after === undefined ? {} : { after },
  })
  return found.map(parse)
}

const columns = 'product_id, slug, title, description, cadence, cast(fields as text) as fields'

const published = z.object({
  product_id: z.string(),
  slug: z.string(),
  title: z.string(),
  description: z.string(),
  cadence: z.enum(['INTRADAY', 'DAILY', 'ON_CHANGE']),
  fields: z.string(),
})

const productFields = z.array(z.object({ name: z.string(), type: z.string(), description: z.string() }))

function parse(row: WarehouseRow): DataProductRow {
  const { product_id: id, fields, ...product } = published.parse(row)
  return { id, ...product, schema: productFields.parse(JSON.parse(fields)) }
}
