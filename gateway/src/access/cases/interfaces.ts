/** What implementations ask is asked of their interfaces too; and no other implementation's field. */
import { type CaseGraph, somebody, withScopes } from './case.ts'

const things = [
  { __typename: 'Book', id: 'b', title: 'Emma', isbn: 'SECRET-1', shelf: 'SECRET-2' },
  { __typename: 'Film', id: 'f', title: 'Ran', isbn: 'none', minutes: 162 },
]
const closed = [
  { __typename: 'Vault', id: 'v', label: 'SECRET-3' },
  { __typename: 'Box', id: 'x', label: 'box' },
]

export const interfaces: CaseGraph = {
  name: 'interfaces',
  subgraphs: {
    library: {
      sdl: `
        type Query { media: [Media!]! medium(id: ID!): Media book: Book containers: [Container!] box: Box vault: Vault }
        interface Media { id: ID! title: String isbn: String }
        type Book implements Media @key(fields: "id") { id: ID! title: String isbn: String @authenticated shelf: String @requiresScopes(scopes: [["staff"]]) }
        type Film implements Media @key(fields: "id") { id: ID! title: String isbn: String minutes: Int }
        interface Container { id: ID! label: String }
        type Vault implements Container @authenticated { id: ID! label: String }
        type Box implements Container { id: ID! label: String }
      `,
      resolvers: {
        Query: {
          media: () => things,
          medium: (_: unknown, { id }: { id: string }) => things.find((thing) => thing.id === id),
          book: () => things[0],
          containers: () => closed,
          box: () => closed[1],
          vault: () => closed[0],
        },
        Book: { __resolveReference: () => things[0] },
        Film: { __resolveReference: () => things[1] },
      },
    },
    ratings: {
      sdl: `
        type Query { ratings: Int }
        type Book @key(fields: "id") { id: ID! stars: Int @authenticated }
        type Film @key(fields: "id") { id: ID! stars: Int }
      `,
      resolvers: { Book: { stars: () => 5 }, Film: { stars: () => 4 } },
    },
  },
  cases: [
    {
      it: 'keeps what a second selection of the same field asks of one of the types',
      query: '{ media { id isbn } media { ... on Film { minutes } ... on Book { title } } }',
      data: {
        media: [
          { id: 'b', isbn: null, title: 'Emma' },
          { id: 'f', isbn: null, minutes: 162 },
        ],
      },
      denied: ['media.@.isbn'],
      unsent: /isbn/,
    },
    {
      it: 'gives the fields that no implementation restricts',
      query: '{ media { id title __typename } }',
      data: {
        media: [
          { id: 'b', title: 'Emma', __typename: 'Book' },
          { id: 'f', title: 'Ran', __typename: 'Film' },
        ],
      },
    },
    {
      it: 'forbids on the interface what one implementation forbids',
      query: '{ media { title isbn } }',
      data: {
        media: [
          { title: 'Emma', isbn: null },
          { title: 'Ran', isbn: null },
        ],
      },
      denied: ['media.@.isbn'],
      unsent: /isbn/,
    },
    {
      it: 'gives it on the implementation that does not',
      query: '{ media { title ... on Film { isbn minutes } ... on Book { isbn } } }',
      data: {
        media: [
          { title: 'Emma', isbn: null },
          { title: 'Ran', isbn: 'none', minutes: 162 },
        ],
      },
      denied: ['media.@.isbn'],
    },
    {
      it: 'gives it where it is selected on the interface as well',
      query: '{ media { isbn ... on Film { isbn } } }',
      data: { media: [{ isbn: null }, { isbn: 'none' }] },
      denied: ['media.@.isbn'],
    },
    {
      it: 'gives all of it to a token',
      query: '{ media { isbn } }',
      who: somebody,
      data: { media: [{ isbn: 'SECRET-1' }, { isbn: 'none' }] },
    },
    {
      it: 'forbids a field of one implementation in a fragment on it',
      query: '{ media { id ... on Book { shelf title } } }',
      who: somebody,
      data: { media: [{ id: 'b', shelf: null, title: 'Emma' }, { id: 'f' }] },
      denied: ['media.@.shelf'],
      unsent: /shelf/,
    },
    {
      it: 'leaves no trace of a fragment of which nothing is left',
      query: '{ medium(id: "f") { title ... on Book { shelf } } }',
      who: somebody,
      data: { medium: { title: 'Ran' } },
      denied: ['medium.shelf'],
      unsent: /shelf|on Book/,
    },
    {
      it: 'finds the interface again inside a fragment on an implementation',
      query: '{ medium(id: "b") { ... on Book { ... on Media { isbn } title } } }',
      data: { medium: { isbn: null, title: 'Emma' } },
      denied: ['medium.isbn'],
      unsent: /isbn/,
    },
    {
      it: 'forbids what another subgraph adds to one implementation',
      query: '{ media { title ... on Book { stars } ... on Film { stars } } }',
      data: {
        media: [
          { title: 'Emma', stars: null },
          { title: 'Ran', stars: 4 },
        ],
      },
      denied: ['media.@.stars'],
    },
    {
      it: 'gives it to a token',
      query: '{ media { ... on Book { stars } ... on Film { stars } } }',
      who: somebody,
      data: { media: [{ stars: 5 }, { stars: 4 }] },
    },
    {
      it: 'forbids a field that returns an interface of which one implementation is forbidden',
      query: '{ containers { id label } box { label } }',
      data: { containers: null, box: { label: 'box' } },
      denied: ['containers'],
      unsent: /containers/,
    },
    {
      it: 'forbids it for the type name alone too',
      query: '{ containers { __typename } }',
      data: { containers: null },
      denied: ['containers'],
      fetches: 0,
    },
    {
      it: 'forbids it for fragments on the implementations that are not',
      query: '{ containers { ... on Box { label } } }',
      data: { containers: null },
      denied: ['containers'],
      fetches: 0,
    },
    {
      it: 'forbids the interface as a fragment on an object that may be read',
      query: '{ box { id ... on Container { label } } }',
      data: { box: { id: 'x', label: null } },
      denied: ['box.label'],
      unsent: /label/,
    },
    {
      it: 'gives the interface to a token',
      query: '{ containers { __typename label } vault { id } }',
      who: withScopes('x'),
      data: {
        containers: [
          { __typename: 'Vault', label: 'SECRET-3' },
          { __typename: 'Box', label: 'box' },
        ],
        vault: { id: 'v' },
      },
    },
  ],
}
