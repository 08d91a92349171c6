import { fileURLToPath } from 'node:url'
import { migrate } from '@fundmesh/platform/postgres/migrate'
import { type FreshDatabase, freshDatabase } from '@fundmesh/platform/testing/database'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { seedCatalogue } from './seed.ts'

const warehouseFolder = fileURLToPath(new URL('../../../contracts/warehouse', import.meta.url))

let database: FreshDatabase
let client: pg.Client
const coverage = async () =>
  (await client.query('select product_id, fund_id from gold.product_coverage order by 1, 2')).rows

beforeAll(async () => {
  database = await freshDatabase()
  await migrate(database.url, { set: 'warehouse', folder: warehouseFolder })
  client = new pg.Client({ connectionString: database.url })
  await client.connect()
  await client.query(
    `insert into gold.fund select id, id, 'house', 'category', 'US', 'USD', '2005-08-01'
     from unnest(array['tsp:c-fund', 'tsp:l-income', 'amfi:1']) as id`,
  )
})
afterAll(async () => {
  await client?.end()
  await database?.drop()
})

test('a product covers, of the funds it names, those that the warehouse holds', async () => {
  expect(await seedCatalogue(database.url)).toEqual({ products: 4, coverages: 5 })
  expect(await coverage()).toEqual([
    { product_id: 'product:tsp-daily-nav', fund_id: 'tsp:c-fund' },
    { product_id: 'product:tsp-daily-nav', fund_id: 'tsp:l-income' },
    { product_id: 'product:tsp-lifecycle-nav', fund_id: 'tsp:l-income' },
    { product_id: 'product:tsp-live-indicative-nav', fund_id: 'tsp:c-fund' },
    { product_id: 'product:tsp-live-indicative-nav', fund_id: 'tsp:l-income' },
  ])
})

test('seeding again mends what differs from the file and changes nothing else', async () => {
  const catalogue = async () => (await client.query('select * from gold.data_product order by 1')).rows
  const before = [await catalogue(), await coverage()]
  await client.query(`update gold.data_product set title = 'stale' where slug = 'tsp-daily-nav'`)
  await client.query(`insert into gold.product_coverage values ('product:ecb-reference-rates', 'amfi:1')`)
  await seedCatalogue(database.url)
  expect([await catalogue(), await coverage()]).toEqual(before)
})
