/** A field that reads its surroundings asks what they ask. */
import { type CaseGraph, somebody, withScopes } from './case.ts'

const shop = { id: 's', currency: 'EUR', margin: 7, items: [{ id: 'i' }] }
const other = { id: 't', currency: 'USD', margin: 3, items: [{ id: 'i' }, { id: 'j' }] }

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
        Shop: { __resolveReference: ({ id }: { id: string }) => [shop, other].find((one) => one.id === id) },
        Item: {
          __resolveReference: ({ id }: { id: string }) => ({ id }),
          price: (_: unknown, { currency }: { currency: string }) => `1 ${currency}`,
          profit: (_: unknown, { margin }: { margin: number }) => margin * 2,
        },
      },
    },
    // Several shops with items in each: every item is asked for with its own shop's values.
    malls: {
      sdl: `
        type Query { mall: [Shop!] }
        type Shop @key(fields: "id") { id: ID! }
      `,
      resolvers: { Query: { mall: () => [{ id: 's' }, { id: 't' }, { id: 's' }] } },
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
      it: 'reads public surroundings',
      query: '{ shop { items { price } } }',
      data: { shop: { items: [{ price: '1 EUR' }] } },
    },
    {
      it: 'reads of each entity its own surroundings, and asks once for those that are equal',
      query: '{ mall { items { id price } } }',
      data: {
        mall: [
          { items: [{ id: 'i', price: '1 EUR' }] },
          {
            items: [
              { id: 'i', price: '1 USD' },
              { id: 'j', price: '1 USD' },
            ],
          },
          { items: [{ id: 'i', price: '1 EUR' }] },
        ],
      },
      fetches: 4,
    },
    {
      it: 'does not send what the caller may not read as an argument',
      query: '{ shop { items { id profit } } }',
      who: somebody,
      data: { shop: { items: [{ id: 'i', profit: null }] } },
      denied: ['shop.items.@.profit'],
      unsent: /margin|profit/,
    },
    {
      it: 'reads them for whoever may',
      query: '{ shop { items { profit left } } }',
      who: withScopes('margin'),
      data: { shop: { items: [{ profit: 14, left: 4 }] } },
    },
    {
      it: 'hides the surroundings that were read for another field',
      query: '{ shop { margin: currency items { price left } } }',
      data: { shop: { margin: 'EUR', items: [{ price: '1 EUR', left: null }] } },
      denied: ['shop.items.@.left'],
      unsent: /left/,
    },
  ],
}
