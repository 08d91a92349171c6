/** Root types that ask for something themselves; and what introspection says. */
import { type CaseGraph, somebody } from './case.ts'

export const roots: CaseGraph = {
  name: 'root types',
  subgraphs: {
    inside: {
      sdl: `
        type Query @authenticated { secret: String must: Int! }
        type Mutation @requiresScopes(scopes: [["write"]]) { write: Int }
      `,
      resolvers: { Query: { secret: () => 'SECRET-1', must: () => 1 }, Mutation: { write: () => 1 } },
    },
  },
  cases: [
    {
      it: 'forbids every field of a forbidden root',
      query: '{ secret }',
      data: { secret: null },
      denied: ['secret'],
      fetches: 0,
    },
    { it: 'forbids its type name', query: '{ __typename }', data: null, denied: ['__typename'], fetches: 0 },
    {
      it: 'nulls all where a root must not be null',
      query: '{ secret must }',
      data: null,
      denied: ['secret', 'must'],
      fetches: 0,
    },
    {
      it: 'gives a token all of it',
      query: '{ __typename secret }',
      who: somebody,
      data: { __typename: 'Query', secret: 'SECRET-1' },
    },
    {
      it: 'does not write',
      query: 'mutation { write __typename }',
      who: somebody,
      data: null,
      denied: ['write', '__typename'],
      fetches: 0,
    },
  ],
}

export const introspection: CaseGraph = {
  name: 'introspection beside data',
  subgraphs: {
    open: {
      sdl: `
        type Query { open: String secret: Secret }
        type Secret @authenticated { code: String }
      `,
      resolvers: { Query: { open: () => 'open', secret: () => ({ code: 'SECRET-1' }) } },
    },
  },
  cases: [
    {
      it: 'is answered beside what is forbidden',
      query: '{ __type(name: "Secret") { name } secret { code } open }',
      data: { __type: { name: 'Secret' }, secret: null, open: 'open' },
      denied: ['secret'],
      unsent: /secret|__type/,
    },
    {
      it: 'is answered alone',
      query: '{ __schema { queryType { name } } __typename }',
      data: { __schema: { queryType: { name: 'Query' } }, __typename: 'Query' },
      fetches: 0,
    },
  ],
}
