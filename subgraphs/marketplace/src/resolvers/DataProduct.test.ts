import { subgraphSdl } from '@fundmesh/contracts/graph'
import { cursorCodec } from '@fundmesh/platform/service/cursor'
import type { Sight } from '@fundmesh/platform/service/reader'
import { subgraphSchema } from '@fundmesh/platform/service/subgraph-schema'
import { fakeReader } from '@fundmesh/platform/testing/fake-reader'
import type { Answers } from '@fundmesh/platform/testing/fake-warehouse'
import type { WarehouseRow } from '@fundmesh/platform/warehouse/warehouse'
import { graphql } from 'graphql'
import { describe, expect, it } from 'vitest'
import { createContext } from '../context.ts'
import { resolvers } from './index.ts'

const schema = subgraphSchema(subgraphSdl('marketplace'), resolvers)

const productRow = (id: string): WarehouseRow => ({
  product_id: id,
  slug: `${id}-slug`,
  title: `Title of ${id}`,
  description: 'What it holds.',
  cadence: 'DAILY',
  fields: '[{"name": "navPrice", "type": "Decimal", "description": "Per share, in USD."}]',
})
const catalogue = ['a', 'b', 'c'].map(productRow)
const found = (column: string) => (parameters: Readonly<Record<string, string>>) =>
  catalogue.filter((row) => Object.values(parameters).includes(String(row[column])))

async function ask(source: string, variables: Record<string, unknown> = {}, sight: Partial<Sight> = {}) {
  const answers = {
    'dataProduct.byId': found('product_id'),
    'dataProduct.bySlug': found('slug'),
    'dataProduct.page': ({ after = '' }) => catalogue.filter((row) => String(row.product_id) > after),
    'coverage.ofProduct': (parameters) =>
      Object.values(parameters)
        .filter((id) => id !== 'c')
        .flatMap((id) => ['tsp:c-fund', 'tsp:s-fund'].map((fund) => ({ product_id: id, fund_id: fund }))),
  } satisfies Answers
  const reader = fakeReader(answers, sight)
  const caller = {
    tenant: 'alder',
    subject: 'client',
    client: 'test',
    scopes: new Set<string>(),
    expiresAt: new Date(),
  }
  const contextValue = createContext(
    { caller, channel: 'GRAPHQL', atLeastEpoch: 0, knownAt: '2024-01-16T18:00:00.000Z' },
    () => reader,
    cursorCodec('a secret that is at least thirty-two characters'),
  )
  const result = JSON.parse(JSON.stringify(await graphql({ schema, source, contextValue, variableValues: variables })))
  return { ...result, statements: reader.asked.map(({ name }) => name) }
}

describe('a data product', () => {
  it('is found by its slug, with the fields of its rows and the funds it covers', async () => {
    const { data } = await ask(`{ dataProduct(slug: "a-slug") {
      id slug title description cadence schema { name type description } covers { id } } }`)
    expect(data.dataProduct).toEqual({
      id: 'a',
      slug: 'a-slug',
      title: 'Title of a',
      description: 'What it holds.',
      cadence: 'DAILY',
      schema: [{ name: 'navPrice', type: 'Decimal', description: 'Per share, in USD.' }],
      covers: [{ id: 'tsp:c-fund' }, { id: 'tsp:s-fund' }],
    })
  })

  it('that is not there is null', async () => {
    const { data, errors } = await ask('{ none: dataProduct(slug: "none") { id } empty: dataProduct(slug: "") { id } }')
    expect({ data, errors }).toEqual({ data: { none: null, empty: null }, errors: undefined })
  })

  it('is referred to by either key', async () => {
    const { data } = await ask(
      'query($of: [_Any!]!) { _entities(representations: $of) { ... on DataProduct { id } } }',
      {
        of: [{ id: 'a' }, { slug: 'b-slug' }, { id: 'none' }].map((key) => ({ __typename: 'DataProduct', ...key })),
      },
    )
    expect(data._entities).toEqual([{ id: 'a' }, { id: 'b' }, null])
  })

  it('covers no fund that may not be seen, whatever the warehouse says', async () => {
    const { data } = await ask(
      '{ dataProduct(slug: "a-slug") { covers { id } } }',
      {},
      {
        sees: (kind, id) => kind === 'FUND' && id === 'tsp:s-fund',
      },
    )
    expect(data.dataProduct.covers).toEqual([{ id: 'tsp:s-fund' }])
  })

  it('costs no statement of its own for what it covers', async () => {
    const { data, statements } = await ask('{ dataProducts { nodes { id covers { id } } } }')
    expect(data.dataProducts.nodes[2]).toEqual({ id: 'c', covers: [] })
    expect(statements).toEqual(['dataProduct.page', 'coverage.ofProduct'])
  })
})

it('the catalogue is walked through by cursor', async () => {
  const { data } = await ask('{ dataProducts(first: 2) { nodes { id } pageInfo { hasNextPage endCursor } } }')
  expect(data.dataProducts).toMatchObject({ nodes: [{ id: 'a' }, { id: 'b' }], pageInfo: { hasNextPage: true } })
  const after = data.dataProducts.pageInfo.endCursor
  const { data: next } = await ask(`{ dataProducts(after: "${after}") { nodes { id } pageInfo { hasPreviousPage } } }`)
  expect(next.dataProducts).toEqual({ nodes: [{ id: 'c' }], pageInfo: { hasPreviousPage: true } })
})
