/** A union asks nothing itself: what its members ask is decided by what an object turns out to be. */
import { type CaseGraph, somebody } from './case.ts'

const found = [
  { __typename: 'Page', id: 'p', title: 'Home' },
  { __typename: 'Draft', id: 'SECRET-1', title: 'SECRET-2', editor: { name: 'SECRET-3' } },
]

export const unions: CaseGraph = {
  name: 'unions',
  subgraphs: {
    search: {
      sdl: `
        type Query { search: [Result] first: Result! all: [Result!] }
        union Result = Page | Draft
        interface Titled { title: String }
        type Page @key(fields: "id") { id: ID! title: String }
        type Draft @key(fields: "id") @authenticated { id: ID! title: String editor: Editor }
        type Editor { name: String }
      `,
      resolvers: { Query: { search: () => found, first: () => found[0], all: () => found } },
    },
    traffic: {
      sdl: `
        type Query { traffic: Int }
        type Page @key(fields: "id") { id: ID! views: Int }
        type Draft @key(fields: "id") { id: ID! views: Int }
      `,
      resolvers: { Page: { views: () => 7 }, Draft: { views: () => 9 } },
    },
  },
  cases: [
    {
      it: 'gives the members that may be read',
      query: '{ search { ... on Page { title } } }',
      data: { search: [{ title: 'Home' }, {}] },
    },
    {
      it: 'takes out the fragment on a forbidden member',
      query: '{ search { ... on Page { title } ... on Draft { name: title } } }',
      data: { search: [{ title: 'Home' }, { name: null }] },
      denied: ['search.@.name'],
      unsent: /Draft/,
    },
    {
      it: 'does not say the name of a forbidden type that an object turns out to be of',
      query: '{ search { __typename ... on Page { title } } }',
      data: { search: [{ __typename: 'Page', title: 'Home' }, null] },
      denied: ['search.@.__typename'],
    },
    {
      it: 'does not say it under an alias either',
      query: '{ search { kind: __typename } }',
      data: { search: [{ kind: 'Page' }, null] },
      denied: ['search.@.kind'],
    },
    {
      it: 'says the name where nothing forbidden turned out',
      query: '{ first { __typename } }',
      data: { first: { __typename: 'Page' } },
    },
    {
      it: 'takes that null up like any other',
      query: '{ all { __typename } first { ... on Page { id } } }',
      data: { all: null, first: { id: 'p' } },
      denied: ['all.@.__typename'],
    },
    {
      it: 'forbids the type name inside a fragment on the forbidden member',
      query: '{ search { ... on Draft { __typename } ... on Page { __typename } } }',
      data: { search: [{ __typename: 'Page' }, null] },
      denied: ['search.@.__typename'],
      unsent: /on Draft/,
    },
    {
      it: 'does not join for a forbidden member',
      query: '{ search { ... on Page { views } ... on Draft { views } } }',
      data: { search: [{ views: 7 }, { views: null }] },
      denied: ['search.@.views'],
      unsent: /on Draft|SECRET/,
    },
    {
      it: 'gives everything to a token',
      query: '{ search { __typename ... on Page { views } ... on Draft { title views editor { name } } } }',
      who: somebody,
      data: {
        search: [
          { __typename: 'Page', views: 7 },
          { __typename: 'Draft', title: 'SECRET-2', views: 9, editor: { name: 'SECRET-3' } },
        ],
      },
    },
  ],
}
