/** A field that reads its surroundings asks what they ask. */
import { type CaseGraph, somebody } from './case.ts'

const shop = { id: 's', currency: 'EUR', margin: 7, items: [{ id: 'i', shop: { id: 's' } }] }

export const contexts: CaseGraph = {
  name: 'contexts',
  subgraphs: {
    shops: {
      sdl: `
        type Query { shop: Shop! }
        type Shop @key(fields: "id") @context(name: "shop") {
          id: ID!
          currency: String!
          margin: Int! @requiresScopes(scopes: [["margin"]])
          items: [Item!]!
        }
        type Item @key(fields: "id") {
          id: ID!
          price(currency: String @fromContext(field: "$shop { currency }")): String!
          profit(margin: Int @fromContext(field: "$shop { margin }")): Int @requiresScopes(scopes: [["margin"]])
        }
      `,
      resolvers: {
        Query: { shop: () => shop },
        Shop: { __resolveReference: () => shop },
        Item: {
          __resolveReference: ({ id }: { id: string }) => ({ id }),
          price: (_: unknown, { currency }: { currency: string }) => `1 ${currency}`,
          profit: (_: unknown, { margin }: { margin: number }) => margin * 2,
        },
      },
    },
    stock: {
      sdl: `
        type Query { stock: Int }
        type Item @key(fields: "id") { id: ID! left: Int @authenticated }
      `,
      resolvers: { Item: { left: () => 4 } },
    },
  },
  cases: [
    {
      it: 'does not send what the caller may not read as an argument',
      query: '{ shop { items { id profit } } }',
      who: somebody,
      data: { shop: { items: [{ id: 'i', profit: null }] } },
      denied: ['shop.items.@.profit'],
      unsent: /margin|profit/,
    },
  ],
}
