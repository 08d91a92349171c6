/** Fragments hide nothing: named, inline, in each other, on abstract types, with conditions. */
import { type CaseGraph, somebody } from './case.ts'

const node = {
  __typename: 'User',
  id: '1',
  name: 'Ada',
  email: 'SECRET-1',
  friend: { __typename: 'User', id: '2', name: 'Bob', email: 'SECRET-2', friend: null },
}

export const fragments: CaseGraph = {
  name: 'fragments and conditions',
  subgraphs: {
    users: {
      sdl: `
        type Query { me: User node: Node nodes: [[Node!]!]! }
        interface Node { id: ID! }
        type User implements Node { id: ID! name: String email: String @authenticated friend: User phone: String! @authenticated }
        type Robot implements Node { id: ID! name: String email: String }
      `,
      resolvers: {
        Query: {
          me: () => node,
          node: () => node,
          nodes: () => [[node], [{ __typename: 'Robot', id: '3', name: 'R2', email: 'r2' }]],
        },
      },
    },
  },
  cases: [
    {
      it: 'takes out of a named fragment, everywhere it is spread',
      query: '{ me { ...F friend { ...F } } } fragment F on User { name email }',
      data: { me: { name: 'Ada', email: null, friend: { name: 'Bob', email: null } } },
      denied: ['me.email', 'me.friend.email'],
      unsent: /email/,
    },
    {
      it: 'takes out of fragments in fragments',
      query:
        '{ me { ...A } } fragment A on User { id ...B } fragment B on User { ... { ... on Node { ... on User { email } } } name }',
      data: { me: { id: '1', email: null, name: 'Ada' } },
      denied: ['me.email'],
      unsent: /email/,
    },
    {
      it: 'keeps the fragments of what nothing is taken out of',
      query: '{ me { email friend { ...A } } } fragment A on User { id friend { ...B } } fragment B on User { name }',
      data: { me: { email: null, friend: { id: '2', friend: null } } },
      denied: ['me.email'],
      unsent: /email/,
    },
    {
      it: 'drops fragments of which nothing is left',
      query:
        '{ me { ...A ...B } } fragment A on User { ...C } fragment B on User { ... on User { email } } fragment C on User { email }',
      data: { me: { email: null } },
      denied: ['me.email'],
      unsent: /email|fragment/,
    },
    {
      it: 'merges a forbidden selection with one that is not',
      query: '{ me { friend { name } friend { email } ...F } } fragment F on User { friend { id } }',
      data: { me: { friend: { name: 'Bob', email: null, id: '2' } } },
      denied: ['me.friend.email'],
      unsent: /email/,
    },
    {
      it: 'decides by the type of each object in lists of lists',
      query: '{ nodes { id ... on User { email } ... on Robot { email name } } }',
      data: { nodes: [[{ id: '1', email: null }], [{ id: '3', email: 'r2', name: 'R2' }]] },
      denied: ['nodes.@.@.email'],
    },
    {
      it: 'nulls only the object that a fragment applies to',
      query: '{ node { ... on User { phone } } me { id } }',
      data: { node: null, me: { id: '1' } },
      denied: ['node.phone'],
      unsent: /phone/,
    },
    {
      it: 'says nothing of what is skipped',
      query:
        'query ($no: Boolean!) { me { name email @include(if: $no) } other: me { id ... @skip(if: true) { email } } }',
      variables: { no: false },
      data: { me: { name: 'Ada' }, other: { id: '1' } },
      unsent: /email/,
    },
    {
      it: 'says it of what is included',
      query:
        'query ($yes: Boolean!) { me { name email @include(if: $yes) ...F @skip(if: $yes) } } fragment F on User { mail: email }',
      variables: { yes: true },
      data: { me: { name: 'Ada', email: null } },
      denied: ['me.email'],
      unsent: /email/,
    },
    {
      it: 'does not reject for what is skipped',
      query: 'query ($no: Boolean = false) { me { name email @include(if: $no) } }',
      mode: 'reject',
      data: { me: { name: 'Ada' } },
    },
    {
      it: 'knows an object inside a fragment on its interface',
      query:
        '{ me { ... on Node { ... on User { name email } } ...A } } fragment A on Node { ... on User { friend { id } } }',
      data: { me: { name: 'Ada', email: null, friend: { id: '2' } } },
      denied: ['me.email'],
    },
    {
      it: 'answers with an empty object where no fragment applies',
      query: '{ me { ...A } node { ...B } } fragment A on Node { ... on Robot { email } } fragment B on Robot { ...A }',
      data: { me: {}, node: {} },
    },
    {
      it: 'gives a token all of it',
      query: '{ me { ...F } } fragment F on User { email ... on Node { id } }',
      who: somebody,
      data: { me: { email: 'SECRET-1', id: '1' } },
    },
    {
      it: 'takes prototype names for the names that they are',
      query: '{ me { __proto__: email constructor: name } } ',
      data: { me: JSON.parse('{"__proto__": null, "constructor": "Ada"}') },
      denied: ['me.__proto__'],
      unsent: /: email/,
    },
  ],
}
