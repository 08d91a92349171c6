/** What is forbidden is not done. */
import { type CaseGraph, somebody, withScopes } from './case.ts'

const done = (name: string) => ({ __typename: 'Receipt', name, token: 'SECRET-1' })

export const mutations: CaseGraph = {
  name: 'mutations',
  subgraphs: {
    bank: {
      sdl: `
        type Query { balance: Int @authenticated }
        type Mutation {
          ping: Int!
          pay(amount: Int!): Receipt @authenticated
          close: Receipt @requiresScopes(scopes: [["admin"]])
          must: Int! @authenticated
          open(input: Opening!): Receipt
          vault: Vault
        }
        type Receipt { name: String token: String @authenticated }
        type Vault @authenticated { code: String }
        input Opening { owner: String risk: Risk level: Level = LOW }
        scalar Risk @requiresScopes(scopes: [["risk"]])
        enum Level { LOW HIGH }
      `,
      resolvers: {
        Mutation: {
          ping: () => 1,
          pay: () => done('paid'),
          close: () => done('closed'),
          must: () => 1,
          open: () => done('opened'),
          vault: () => ({ code: 'SECRET-2' }),
        },
      },
    },
  },
  cases: [
    {
      it: 'does not execute a forbidden root',
      query: 'mutation { pay(amount: 1) { name } }',
      data: { pay: null },
      denied: ['pay'],
      fetches: 0,
    },
    {
      it: 'executes the others',
      query: 'mutation { a: ping pay(amount: 1) { name } b: ping }',
      data: { a: 1, pay: null, b: 1 },
      denied: ['pay'],
      unsent: /pay/,
    },
    {
      it: 'executes the others though a null goes up to the root',
      query: 'mutation { ping must }',
      data: null,
      denied: ['must'],
      unsent: /must/,
      fetches: 1,
    },
    {
      it: 'does not execute a root whose type is forbidden, whatever is selected of it',
      query: 'mutation { vault { __typename } }',
      data: { vault: null },
      denied: ['vault'],
      fetches: 0,
    },
    {
      it: 'executes a permitted root of whose result something is forbidden',
      query: 'mutation { open(input: { owner: "a" }) { name token } }',
      data: { open: { name: 'opened', token: null } },
      denied: ['open.token'],
      unsent: /token/,
    },
    {
      it: 'does not execute it where nothing of an input may be given',
      query: 'mutation ($input: Opening!) { open(input: $input) { name } }',
      variables: { input: { owner: 'a', risk: 3 } },
      data: { open: null },
      denied: ['open'],
      fetches: 0,
    },
    {
      it: 'executes it for whoever may',
      query: 'mutation ($risk: Risk) { open(input: { risk: $risk }) { name } close { name } }',
      variables: { risk: 3 },
      who: withScopes('risk'),
      data: { open: { name: 'opened' }, close: null },
      denied: ['close'],
      unsent: /close/,
    },
    {
      it: 'does nothing where it is to reject',
      query: 'mutation { ping close { name } }',
      who: somebody,
      mode: 'reject',
      denied: ['close'],
      fetches: 0,
    },
  ],
}
