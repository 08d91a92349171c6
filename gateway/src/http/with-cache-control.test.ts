import { anonymous } from '@fundmesh/platform/identity/caller'
import { createLogger } from '@fundmesh/platform/telemetry/log'
import { GraphQLError } from 'graphql'
import { describe, expect, it } from 'vitest'
import { composed } from '../access/cases/graph.ts'
import type { QueryRoad } from '../query.ts'
import { buildSupergraph } from '../supergraph/build.ts'
import { cacheHintsOf } from '../supergraph/cache-hints.ts'
import { openViews } from '../view/views.ts'
import { withCacheControl } from './with-cache-control.ts'

const directive = `
  extend schema @link(url: "https://example.com/caching/v1.0", import: ["@cacheControl"]) @federation__composeDirective(name: "@cacheControl")
  directive @cacheControl(maxAge: Int, scope: CacheControlScope, inheritMaxAge: Boolean) on FIELD_DEFINITION | OBJECT | INTERFACE | UNION
  enum CacheControlScope { PUBLIC PRIVATE }
`
const supergraph = buildSupergraph(
  composed({
    shop: `${directive}
      type Query {
        product: Product @cacheControl(maxAge: 60)
        products: [Product]
        unhinted: Category
        hello: String
        greeting: String @cacheControl(maxAge: 10)
        found: [Found] @cacheControl(maxAge: 90)
        node: Node @cacheControl(maxAge: 90)
        inherited: Category @cacheControl(inheritMaxAge: true)
      }
      type Mutation { change: Product @cacheControl(maxAge: 60) }
      type Product implements Node @key(fields: "id") @cacheControl(maxAge: 30) {
        id: ID!
        name: String
        stock: Int @cacheControl(maxAge: 5)
        wishedFor: Boolean @cacheControl(scope: PRIVATE)
        category: Category
        shelf: Category @cacheControl(inheritMaxAge: true)
      }
      type Category { name: String }
      type Offer implements Node @cacheControl(maxAge: 7) { id: ID! text: String }
      interface Node { id: ID! }
      union Found = Product | Offer`,
  }),
)
const views = openViews({ supergraph }, createLogger('test', 'silent'))
const somebody = { ...anonymous, subject: 'a' }

describe('the Cache-Control of an answer', () => {
  const headersOf = async (query: string, { caller = anonymous, errors = 0, atLeastEpoch = 0 } = {}) => {
    const road: QueryRoad = async () => ({
      data: {},
      ...(errors > 0 && { errors: [new GraphQLError('no')] }),
    })
    const cached = withCacheControl(road, cacheHintsOf(supergraph.schema), ({ view }) => views.graph(view).schema)
    const replyHeaders = new Map<string, string>()
    const operation = views.of(caller).understand({ method: 'POST', query })
    const signal = new AbortController().signal
    await cached(operation, { caller, channel: 'GRAPHQL', atLeastEpoch, replyHeaders, signal })
    return replyHeaders
  }
  const of = async (...asked: Parameters<typeof headersOf>) => (await headersOf(...asked)).get('cache-control')

  it.each<[string, string, string | undefined]>([
    ['a field’s hint goes before its type’s', '{ product { id name } }', 'max-age=60, public'],
    ['a type’s hint holds where its field has none', '{ products { id } }', 'max-age=30, public'],
    ['the smallest of all holds', '{ product { stock } products { id } }', 'max-age=5, public'],
    ['something private makes all of it so', '{ product { wishedFor } }', 'max-age=60, private'],
    ['a root without a hint may not be kept', '{ hello }', undefined],
    ['a root with one may', '{ greeting }', 'max-age=10, public'],
    ['nor may a composite without one', '{ product { category { name } } }', undefined],
    ['but for one that lasts as long as what is around it', '{ product { shelf { name } } }', 'max-age=60, public'],
    ['a root has nothing around it', '{ inherited { name } }', undefined],
    ['one bad root spoils the rest', '{ product { id } unhinted { name } }', undefined],
    ['what may come of a union counts', '{ found { __typename } }', 'max-age=90, public'],
    ['a hint of an object counts below an abstract type', '{ node { ... on Product { stock } } }', 'max-age=5, public'],
    [
      'fragments count',
      '{ product { ...F } } fragment F on Product { ...G } fragment G on Product { stock }',
      'max-age=5, public',
    ],
    ['the type name alone may not be kept', '{ __typename }', undefined],
    ['the schema may not be kept', '{ __schema { queryType { name } } greeting }', undefined],
    ['a mutation may not be kept', 'mutation { change { id } }', undefined],
  ])('%s: %s', async (_, query, expected) => {
    expect(await of(query)).toBe(expected)
  })

  it('is private for whoever is somebody, and none where something failed or must be fresh', async () => {
    expect(await of('{ greeting }', { caller: somebody })).toBe('max-age=10, private')
    expect(await of('{ greeting }', { errors: 1 })).toBeUndefined()
    expect(await of('{ greeting }', { caller: somebody, atLeastEpoch: 3 })).toBeUndefined()
  })

  it('tells caches that who asks, what they accept and what they know of decides the answer', async () => {
    expect((await headersOf('{ greeting }')).get('vary')).toBe('Accept, Authorization, x-fundmesh-consistency')
  })
})
