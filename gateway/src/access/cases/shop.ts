/** Fields, types, scalars and enums of two subgraphs; lists, aliases, places where no null may be. */
import { anybody, byId, type CaseGraph, somebody, withScopes } from './case.ts'

const user = byId(
  { id: '1', name: 'Ada', email: 'SECRET-1', age: 36, ssn: 'SECRET-2', level: 'GOLD', account: { iban: 'SECRET-3' } },
  { id: '2', name: 'Bob', email: 'SECRET-4', age: 41, ssn: 'SECRET-5', level: 'PLAIN', account: { iban: 'SECRET-6' } },
)
const reviews = [
  { id: 'r1', body: 'good', author: { __typename: 'User', id: '1' }, internalNote: 'SECRET-7', score: 5 },
  { id: 'r2', body: 'bad', author: { __typename: 'User', id: '2' }, internalNote: 'SECRET-8', score: 1 },
]

export const shop: CaseGraph = {
  name: 'a shop',
  subgraphs: {
    users: {
      sdl: `
        type Query { me: User user(id: ID!): User users: [User!]! account: Account strict: User! }
        type User @key(fields: "id") {
          id: ID!
          name: String!
          email: String @authenticated
          age: Int! @authenticated
          ssn: SSN
          level: Level
          account: Account
        }
        type Account @requiresScopes(scopes: [["account:read"]]) { iban: String! }
        scalar SSN @requiresScopes(scopes: [["ssn:read"]])
        enum Level @authenticated { GOLD PLAIN }
      `,
      resolvers: {
        Query: {
          me: () => user({ id: '1' }),
          user: (_: unknown, { id }: { id: string }) => user({ id }),
          users: () => [user({ id: '1' }), user({ id: '2' })],
          account: () => ({ iban: 'SECRET-9' }),
          strict: () => user({ id: '1' }),
        },
        User: { __resolveReference: user },
      },
    },
    reviews: {
      sdl: `
        type Query { reviews: [Review!]! secretReviews: [Review!] @authenticated }
        type Review @key(fields: "id") { id: ID! body: String author: User internalNote: String @requiresScopes(scopes: [["staff"]]) score: Int! }
        type User @key(fields: "id") { id: ID! reviews: [Review!]! drafts: [[Review]] @authenticated }
      `,
      resolvers: {
        Query: { reviews: () => reviews, secretReviews: () => reviews },
        User: {
          reviews: ({ id }: { id: string }) => reviews.filter(({ author }) => author.id === id),
          drafts: () => [[reviews[0]]],
        },
      },
    },
  },
  cases: [
    { it: 'gives nobody the public fields', query: '{ me { id name } }', data: { me: { id: '1', name: 'Ada' } } },
    {
      it: 'nulls a field that asks for a token',
      query: '{ me { name email } }',
      data: { me: { name: 'Ada', email: null } },
      denied: ['me.email'],
      unsent: /email/,
    },
    {
      it: 'gives it to a token',
      query: '{ me { name email age level } }',
      who: somebody,
      data: { me: { name: 'Ada', email: 'SECRET-1', age: 36, level: 'GOLD' } },
    },
    {
      it: 'still says whether there is an object of which nothing may be read',
      query: '{ me { email } none: user(id: "9") { email } }',
      data: { me: { email: null }, none: null },
      denied: ['me.email', 'none.email'],
      unsent: /email/,
    },
    {
      it: 'takes a null up to the next place that may be null',
      query: '{ me { name age } }',
      data: { me: null },
      denied: ['me.age'],
      unsent: /age/,
    },
    {
      it: 'takes a null up through a list',
      query: '{ users { id age } }',
      data: null,
      denied: ['users.@.age'],
      unsent: /age/,
    },
    {
      it: 'names the positions of a list with @, once',
      query: '{ users { name email } }',
      data: {
        users: [
          { name: 'Ada', email: null },
          { name: 'Bob', email: null },
        ],
      },
      denied: ['users.@.email'],
      unsent: /email/,
    },
    {
      it: 'takes a null up to the root where nothing on the way may be null',
      query: '{ strict { age } me { id } }',
      data: null,
      denied: ['strict.age'],
    },
    {
      it: 'asks no subgraph at all where all roots are forbidden',
      query: '{ account { iban } secretReviews { body } }',
      data: { account: null, secretReviews: null },
      denied: ['account', 'secretReviews'],
      fetches: 0,
    },
    {
      it: 'forbids a field by the type that it returns',
      query: '{ me { name account { iban } } }',
      who: somebody,
      data: { me: { name: 'Ada', account: null } },
      denied: ['me.account'],
      unsent: /account|iban/,
    },
    {
      it: 'forbids the type name of an object of a forbidden type',
      query: '{ account { __typename } me { account { __typename } } }',
      data: { account: null, me: { account: null } },
      denied: ['account', 'me.account'],
      unsent: /account/,
    },
    {
      it: 'gives the type with its scope',
      query: '{ account { __typename iban } }',
      who: withScopes('account:read'),
      data: { account: { __typename: 'Account', iban: 'SECRET-9' } },
    },
    {
      it: 'forbids a field by its scalar',
      query: '{ me { ssn } }',
      who: withScopes('account:read'),
      data: { me: { ssn: null } },
      denied: ['me.ssn'],
      unsent: /ssn/,
    },
    {
      it: 'gives the scalar with its scope',
      query: '{ me { ssn } }',
      who: withScopes('ssn:read'),
      data: { me: { ssn: 'SECRET-2' } },
    },
    {
      it: 'forbids a field by its enum',
      query: '{ me { level } }',
      data: { me: { level: null } },
      denied: ['me.level'],
      unsent: /level/,
    },
    {
      it: 'answers under the aliases that the client chose, and names them in the paths',
      query: '{ i: me { n: name e: email id: email email: name } }',
      data: { i: { n: 'Ada', e: null, id: null, email: 'Ada' } },
      denied: ['i.e', 'i.id'],
      unsent: /: email/,
    },
    {
      it: 'takes out one alias of a root field and leaves the other',
      query: '{ a: user(id: "1") { email } b: user(id: "2") { name } }',
      data: { a: { email: null }, b: { name: 'Bob' } },
      denied: ['a.email'],
    },
    {
      it: 'forbids below a join',
      query: '{ reviews { body internalNote author { name email } } }',
      who: somebody,
      data: {
        reviews: [
          { body: 'good', internalNote: null, author: { name: 'Ada', email: 'SECRET-1' } },
          { body: 'bad', internalNote: null, author: { name: 'Bob', email: 'SECRET-4' } },
        ],
      },
      denied: ['reviews.@.internalNote'],
      unsent: /internalNote/,
    },
    {
      it: 'does not join for what is forbidden',
      query: '{ reviews { author { email } } }',
      data: { reviews: [{ author: { email: null } }, { author: { email: null } }] },
      denied: ['reviews.@.author.email'],
      fetches: 1,
    },
    {
      it: 'forbids a list by what it says itself, at its own place',
      query: '{ me { id drafts { body } reviews { score } } }',
      data: { me: { id: '1', drafts: null, reviews: [{ score: 5 }] } },
      denied: ['me.drafts'],
      unsent: /drafts/,
    },
    {
      it: 'keeps the order in which a client selects',
      query: '{ me { email name id } }',
      data: { me: { email: null, name: 'Ada', id: '1' } },
      denied: ['me.email'],
    },
    {
      it: 'refuses the whole operation where it is to reject, and fetches nothing',
      query: '{ me { name email age } }',
      mode: 'reject',
      denied: ['me.email', 'me.age'],
      fetches: 0,
    },
    {
      it: 'answers what is permitted where it is to reject',
      query: '{ me { name } }',
      mode: 'reject',
      data: { me: { name: 'Ada' } },
    },
    {
      it: 'answers everything in a dry run',
      query: '{ me { name email account { iban } } }',
      who: anybody,
      mode: 'dry-run',
      data: { me: { name: 'Ada', email: 'SECRET-1', account: { iban: 'SECRET-3' } } },
    },
  ],
}
