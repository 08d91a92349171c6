/** What a client cannot even name. */
import { byId, type CaseGraph, somebody } from './case.ts'

const item = byId({ id: '1', internal: 'SECRET-1', name: 'one', price: 3 })

export const hidden: CaseGraph = {
  name: 'inaccessible keys and restricted fields',
  subgraphs: {
    items: {
      sdl: `
        type Query { item: Item }
        type Item @key(fields: "internal") { internal: ID! @inaccessible @authenticated name: String price: Int @authenticated id: ID }
      `,
      resolvers: {
        Query: { item: () => item({ id: '1' }) },
        Item: { __resolveReference: () => item({ id: '1' }) },
      },
    },
    stock: {
      sdl: `
        type Query { stock: Int }
        type Item @key(fields: "internal") { internal: ID! left: Int reserved: Int @authenticated }
      `,
      resolvers: { Item: { left: () => 4, reserved: () => 2 } },
    },
  },
  cases: [
    {
      it: 'joins by a key that nobody sees',
      query: '{ item { name left } }',
      data: { item: { name: 'one', left: 4 } },
    },
    {
      it: 'does not show it under the name of something forbidden',
      query: '{ item { internal: price left reserved } }',
      data: { item: { internal: null, left: 4, reserved: null } },
      denied: ['item.internal', 'item.reserved'],
      unsent: /reserved|price/,
    },
    {
      it: 'does not show it under the name of something that may be read',
      query: '{ item { internal: name left } }',
      who: somebody,
      data: { item: { internal: 'one', left: 4 } },
    },
  ],
}
