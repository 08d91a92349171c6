/** A field computed from others asks what they ask, however far away they are. */
import { byId, type CaseGraph, somebody, withScopes } from './case.ts'

const parcel = byId({ id: '1', weight: 2, secretWeight: 3, name: 'one', owner: { income: 1000 } })

export const requires: CaseGraph = {
  name: 'fields that require others',
  subgraphs: {
    parcels: {
      sdl: `
        type Query { parcel: Parcel parcels: [Parcel] }
        type Parcel @key(fields: "id") {
          id: ID!
          name: String
          weight: Int
          secretWeight: Int @requiresScopes(scopes: [["weigh"]])
          owner: Owner
        }
        type Owner { income: Int @authenticated }
      `,
      resolvers: {
        Query: { parcel: () => parcel({ id: '1' }), parcels: () => [parcel({ id: '1' })] },
        Parcel: { __resolveReference: parcel },
      },
    },
    shipping: {
      sdl: `
        type Query { shipping: String }
        type Parcel @key(fields: "id") {
          id: ID!
          weight: Int @external
          secretWeight: Int @external
          owner: Owner @external
          cost: Int @requires(fields: "weight")
          secretCost: Int @requires(fields: "secretWeight") @requiresScopes(scopes: [["weigh"]])
          credit: Int @requires(fields: "owner { income }") @authenticated
        }
        type Owner { income: Int @external }
      `,
      resolvers: {
        Parcel: {
          cost: ({ weight }: { weight: number }) => weight * 10,
          secretCost: ({ secretWeight }: { secretWeight: number }) => secretWeight * 10,
          credit: ({ owner }: { owner: { income: number } }) => owner.income / 10,
        },
      },
    },
    tax: {
      sdl: `
        type Query { tax: String }
        type Parcel @key(fields: "id") {
          id: ID!
          cost: Int @external
          secretCost: Int @external
          tax: Int @requires(fields: "cost")
          secretTax: Int @requires(fields: "secretCost") @requiresScopes(scopes: [["weigh"]])
        }
      `,
      resolvers: {
        Parcel: {
          tax: ({ cost }: { cost: number }) => cost / 5,
          secretTax: ({ secretCost }: { secretCost: number }) => secretCost / 5,
        },
      },
    },
  },
  cases: [
    { it: 'computes from public inputs', query: '{ parcel { cost tax } }', data: { parcel: { cost: 20, tax: 4 } } },
    {
      it: 'fetches no forbidden input',
      query: '{ parcel { name secretCost } }',
      data: { parcel: { name: 'one', secretCost: null } },
      denied: ['parcel.secretCost'],
      unsent: /secret/,
    },
    {
      it: 'fetches none through two subgraphs',
      query: '{ parcels { cost secretTax } }',
      who: somebody,
      data: { parcels: [{ cost: 20, secretTax: null }] },
      denied: ['parcels.@.secretTax'],
      unsent: /secret/,
    },
    {
      it: 'computes for whoever may read the inputs',
      query: '{ parcel { secretCost secretTax } }',
      who: withScopes('weigh'),
      data: { parcel: { secretCost: 30, secretTax: 6 } },
    },
    {
      it: 'fetches no forbidden input below another field',
      query: '{ parcel { credit cost } }',
      data: { parcel: { credit: null, cost: 20 } },
      denied: ['parcel.credit'],
      unsent: /income|owner/,
    },
    {
      it: 'computes from it for a token',
      query: '{ parcel { credit } }',
      who: somebody,
      data: { parcel: { credit: 100 } },
    },
    {
      it: 'hides an input that was fetched for a field under the name of another',
      query: '{ parcel { tax weight: secretWeight } }',
      who: somebody,
      data: { parcel: { tax: 4, weight: null } },
      denied: ['parcel.weight'],
      unsent: /secret/,
    },
  ],
}
