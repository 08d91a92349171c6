/** A subgraph that adds to an interface as a whole: what one of its implementations asks, the interface's field asks. */
import { type CaseGraph, somebody } from './case.ts'

const media = [
  { __typename: 'Book', id: 'b', title: 'Emma', price: 10 },
  { __typename: 'Film', id: 'f', title: 'Ran', price: 12 },
]

export const interfaceObjects: CaseGraph = {
  name: 'interface objects',
  subgraphs: {
    library: {
      sdl: `
        type Query { media: [Media!]! book: Book }
        interface Media @key(fields: "id") { id: ID! title: String price: Int }
        type Book implements Media @key(fields: "id") { id: ID! title: String price: Int @requiresScopes(scopes: [["price"]]) }
        type Film implements Media @key(fields: "id") { id: ID! title: String price: Int }
      `,
      resolvers: {
        Query: { media: () => media, book: () => media[0] },
        Media: { __resolveReference: ({ id }: { id: string }) => media.find((one) => one.id === id) },
        Book: { __resolveReference: () => media[0] },
        Film: { __resolveReference: () => media[1] },
      },
    },
    reviews: {
      sdl: `
        type Query { best: Media }
        type Media @interfaceObject @key(fields: "id") {
          id: ID!
          stars: Int
          notes: [String!] @authenticated
          price: Int @external
          worth: Int @requires(fields: "price") @requiresScopes(scopes: [["price"]])
        }
      `,
      resolvers: {
        Query: { best: () => ({ id: 'f' }) },
        Media: {
          stars: () => 5,
          notes: () => ['SECRET-1'],
          worth: ({ price }: { price?: number }) => (price ?? 0) * 2,
        },
      },
    },
  },
  cases: [
    {
      it: 'gives what is added for everybody',
      query: '{ media { title stars } book { stars } }',
      data: {
        media: [
          { title: 'Emma', stars: 5 },
          { title: 'Ran', stars: 5 },
        ],
        book: { stars: 5 },
      },
    },
    {
      it: 'forbids an added field on the interface',
      query: '{ media { title notes } }',
      data: {
        media: [
          { title: 'Emma', notes: null },
          { title: 'Ran', notes: null },
        ],
      },
      denied: ['media.@.notes'],
      unsent: /notes/,
      fetches: 1,
    },
    {
      it: 'forbids it on an implementation, which has it from the interface',
      query: '{ book { title notes } media { ... on Film { notes } } }',
      data: { book: { title: 'Emma', notes: null }, media: [{}, { notes: null }] },
      denied: ['book.notes', 'media.@.notes'],
      unsent: /notes/,
    },
    {
      it: 'gives it to a token, on both',
      query: '{ book { notes } media { notes } }',
      who: somebody,
      data: { book: { notes: ['SECRET-1'] }, media: [{ notes: ['SECRET-1'] }, { notes: ['SECRET-1'] }] },
    },
    {
      it: 'forbids it on the interface object itself, without asking what it really is',
      query: '{ best { id notes } }',
      data: { best: { id: 'f', notes: null } },
      denied: ['best.notes'],
      fetches: 1,
    },
    {
      it: 'asks what it really is where a fragment decides',
      query: '{ best { ... on Film { notes title } ... on Book { notes } } }',
      data: { best: { notes: null, title: 'Ran' } },
      denied: ['best.notes'],
      unsent: /notes/,
    },
    {
      it: 'forbids beside it what an implementation restricts',
      query: '{ best { stars price title } }',
      data: { best: { stars: 5, price: null, title: 'Ran' } },
      denied: ['best.price'],
      unsent: /price/,
    },
    {
      it: 'fetches no forbidden input for an added field',
      query: '{ media { worth } book { worth } }',
      who: somebody,
      data: { media: [{ worth: null }, { worth: null }], book: { worth: null } },
      denied: ['media.@.worth', 'book.worth'],
      unsent: /price|worth/,
    },
    {
      it: 'fetches it for whoever may read it',
      query: '{ media { worth } book { worth } }',
      who: { scopes: ['price'] },
      data: { media: [{ worth: 20 }, { worth: 24 }], book: { worth: 20 } },
    },
  ],
}
