/** The marketplace subgraph over HTTP, with the Data API and PostgreSQL behind it. */
import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { seedCatalogue } from '../../subgraphs/marketplace/src/seed.ts'
import { createMarketplaceService } from '../../subgraphs/marketplace/src/service.ts'
import { type RunningSubgraph, startWarehouse, type TestWarehouse } from './warehouse.ts'

interface Product {
  readonly id: string
  readonly slug: string
  readonly title: string
  readonly cadence: string
  readonly fields: readonly object[]
  readonly covers: readonly string[]
}

let catalogue: readonly Product[]
let covered: readonly string[]
let warehouse: TestWarehouse
let marketplace: RunningSubgraph

beforeAll(async () => {
  const file = new URL('../../subgraphs/marketplace/fixtures/data-products.json', import.meta.url)
  catalogue = JSON.parse(await readFile(file, 'utf8')).toSorted((a: Product, b: Product) => (a.id < b.id ? -1 : 1))
  covered = [...new Set(catalogue.flatMap(({ covers }) => covers))].sort()
  warehouse = await startWarehouse()
  for (const id of covered) {
    await warehouse.admin.query(`insert into gold.fund values ($1, $1, 'House', 'Equity', 'US', 'USD', '2000-01-01')`, [
      id,
    ])
    await warehouse.admin.query(`insert into gold.share_class values ($1, $1, null, $1, 'USD', '2000-01-01', true)`, [
      id,
    ])
  }
  await seedCatalogue(warehouse.adminUrl)
  await warehouse.grant([
    ...covered.map((fund) => ({ tenant: 'alder', resource: { fund } })),
    { tenant: 'cedar', resource: { shareClass: covered[1]! } },
    { tenant: 'cedar', resource: { fund: covered[2]! }, to: '2020-01-01' },
  ])
  marketplace = await warehouse.start(createMarketplaceService)
})
afterAll(() => warehouse?.close())

const everything = '{ dataProducts { nodes { id slug title cadence schema { name type description } covers { id } } } }'
const expected = (isVisible: (fund: string) => boolean) =>
  catalogue.map(({ id, slug, title, cadence, fields, covers }) => ({
    id,
    slug,
    title,
    cadence,
    schema: fields,
    covers: covers
      .filter(isVisible)
      .toSorted()
      .map((fund) => ({ id: fund })),
  }))

describe('the catalogue', () => {
  it('is open to every tenant, and names to each only the funds that it may see', async () => {
    expect(catalogue.length).toBeGreaterThan(1)
    const of = async (tenant: string) => (await marketplace.ask(tenant, everything)).data.dataProducts.nodes
    expect(await of('alder')).toEqual(expected(() => true))
    expect(await of('cedar')).toEqual(expected((fund) => fund === covered[1]))
    expect(await of('house')).toEqual(expected(() => false))
  })

  it('costs two statements with all that it covers', async () => {
    const before = warehouse.api.statements().total
    await marketplace.ask('alder', everything)
    expect(warehouse.api.statements().total - before).toBe(2)
  })

  it('is walked through by cursor', async () => {
    const page = async (args: string) =>
      (
        await marketplace.ask(
          'alder',
          `{ page: dataProducts(${args}) {
      nodes { id } pageInfo { hasNextPage endCursor } } }`,
        )
      ).data.page
    const first = await page('first: 1')
    expect(first).toMatchObject({ nodes: [{ id: catalogue[0]!.id }], pageInfo: { hasNextPage: true } })
    const rest = await page(`after: "${first.pageInfo.endCursor}"`)
    expect(rest.nodes.map(({ id }: Product) => id)).toEqual(catalogue.slice(1).map(({ id }) => id))
  })

  it('finds a product by its slug, by either key of a reference, and none where there is none', async () => {
    const [product] = catalogue
    const { data, errors } = await marketplace.ask(
      'cedar',
      `query($slug: String!, $of: [_Any!]!) { dataProduct(slug: $slug) { id } none: dataProduct(slug: "none") { id }
        _entities(representations: $of) { ... on DataProduct { title } } }`,
      {
        variables: {
          slug: product!.slug,
          of: [{ id: product!.id }, { slug: product!.slug }, { id: 'none' }].map((key) => ({
            __typename: 'DataProduct',
            ...key,
          })),
        },
      },
    )
    expect(errors).toBeUndefined()
    const { title } = product!
    expect(data).toEqual({ dataProduct: { id: product!.id }, none: null, _entities: [{ title }, { title }, null] })
  })

  it('is closed without a passport', async () => {
    expect((await marketplace.ask('alder', everything, { passport: null })).status).toBe(401)
  })
})
