/**
 * Puts the catalogue of fixtures/data-products.json into the warehouse named by DATABASE_URL (a login that may write
 * it). Idempotent: run again, it brings products and coverage to what the file says. A product covers, of the funds
 * that the file names, those that the warehouse holds; so it runs after the ingest.
 */
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { z } from 'zod'

const catalogueFile = new URL('../fixtures/data-products.json', import.meta.url)

const catalogueSchema = z.array(
  z.strictObject({
    id: z.string().min(1),
    slug: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/),
    title: z.string().min(1),
    description: z.string().min(1),
    cadence: z.enum(['INTRADAY', 'DAILY', 'ON_CHANGE']),
    fields: z.array(z.strictObject({ name: z.string(), type: z.string(), description: z.string() })).min(1),
    covers: z.array(z.string()),
  }),
)

/** What the catalogue holds after seeding. */
export interface SeedReport {
  readonly products: number
  readonly coverages: number
}

/** Seeds the catalogue, whole or not at all. */
export async function seedCatalogue(databaseUrl: string): Promise<SeedReport> {
  const catalogue = catalogueSchema.parse(JSON.parse(await readFile(catalogueFile, 'utf8')))
  const client = new pg.Client({ connectionString: databaseUrl, application_name: 'fundmesh-seed' })
  await client.connect()
  try {
    await client.query('begin')
    let coverages = 0
    for (const { id, slug, title, description, cadence, fields, covers } of catalogue) {
      await client.query(
        `insert into gold.data_product (product_id, slug, title, description, cadence, fields)
         values ($1, $2, $3, $4, $5, $6)
         on conflict (product_id) do update set slug = excluded.slug, title = excluded.title,
           description = excluded.description, cadence = excluded.cadence, fields = excluded.fields`,
        [id, slug, title, description, cadence, JSON.stringify(fields)],
      )
      await client.query('delete from gold.product_coverage where product_id = $1 and fund_id <> all($2)', [id, covers])
      await client.query(
        `insert into gold.product_coverage (product_id, fund_id)
         select $1, fund_id from gold.fund where fund_id = any($2)
         on conflict do nothing`,
        [id, covers],
      )
      const { rows } = await client.query<{ covered: number }>(
        'select count(*)::int as covered from gold.product_coverage where product_id = $1',
        [id],
      )
      coverages += rows[0]!.covered
    }
    await client.query('commit')
    return { products: catalogue.length, coverages }
  } finally {
    await client.end()
  }
}

async function main(databaseUrl: string | undefined): Promise<void> {
  if (!databaseUrl) throw new Error('DATABASE_URL is not set: it names the warehouse to seed')
  const { products, coverages } = await seedCatalogue(databaseUrl)
  console.log(`catalogue: ${products} data products, ${coverages} coverages`)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  main(process.env.DATABASE_URL).catch((error: Error) => {
    console.error(`the catalogue cannot be seeded: ${error.message}`)
    process.exitCode = 1
  })
}
