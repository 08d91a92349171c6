/** A field that moves, or that several subgraphs share, asks what any of them asked. */
import { byId, type CaseGraph, somebody, withScopes } from './case.ts'

const product = byId({ id: '1', price: 10, cost: 4, rating: 3, sku: 'SECRET-1' })

export const overrides: CaseGraph = {
  name: 'fields that move and fields that are shared',
  subgraphs: {
    old: {
      sdl: `
        type Query { product: Product }
        type Product @key(fields: "id") {
          id: ID!
          price: Int @authenticated
          cost: Int
          rating: Int @shareable @requiresScopes(scopes: [["a"], ["b"]])
          sku: String @shareable
        }
      `,
      resolvers: { Query: { product: () => product({ id: '1' }) }, Product: { __resolveReference: product } },
    },
    young: {
      sdl: `
        type Query { newest: Product }
        type Product @key(fields: "id") {
          id: ID!
          price: Int @override(from: "old")
          cost: Int @override(from: "old") @authenticated
          rating: Int @shareable @requiresScopes(scopes: [["b"], ["c"]])
          sku: String @shareable @authenticated
        }
      `,
      resolvers: { Query: { newest: () => product({ id: '1' }) }, Product: { __resolveReference: product } },
    },
  },
  cases: [
    {
      it: 'asks of a field what it asked before it moved, and what it asks since',
      query: '{ product { id price cost } }',
      data: { product: { id: '1', price: null, cost: null } },
      denied: ['product.price', 'product.cost'],
      fetches: 1,
      unsent: /price|cost/,
    },
    {
      it: 'gives both to a token',
      query: '{ product { price cost } }',
      who: somebody,
      data: { product: { price: 10, cost: 4 } },
    },
    {
      it: 'asks of a shared field what each subgraph asks',
      query: '{ product { rating } newest { rating } }',
      who: withScopes('a'),
      data: { product: { rating: null }, newest: { rating: null } },
      denied: ['product.rating', 'newest.rating'],
      unsent: /rating/,
    },
    {
      it: 'is content with one scope that satisfies both',
      query: '{ product { rating } newest { rating } }',
      who: withScopes('b'),
      data: { product: { rating: 3 }, newest: { rating: 3 } },
    },
    {
      it: 'is content with two scopes that satisfy one each',
      query: '{ product { rating } }',
      who: withScopes('a', 'c'),
      data: { product: { rating: 3 } },
    },
    {
      it: 'forbids in one subgraph what only another restricts',
      query: '{ product { sku } newest { sku } }',
      data: { product: { sku: null }, newest: { sku: null } },
      denied: ['product.sku', 'newest.sku'],
      unsent: /sku/,
    },
  ],
}
