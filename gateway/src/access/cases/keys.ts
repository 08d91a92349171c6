/** Keys that may not be read: entities are joined by them, and nobody sees them who may not. */
import { byId, type CaseGraph, somebody, withScopes } from './case.ts'

const person = byId({ id: 'SECRET-1', name: 'Ada', passport: 'SECRET-2', country: 'GB' })
const byPassport = ({ passport }: { passport?: string }) =>
  passport === 'SECRET-2' ? person({ id: 'SECRET-1' }) : null

export const keys: CaseGraph = {
  name: 'keys that are forbidden',
  subgraphs: {
    people: {
      sdl: `
        type Query { person: Person people: [Person] city: City }
        type Person @key(fields: "id") @key(fields: "passport { number }") {
          id: ID! @authenticated
          name: String
          passport: Passport
        }
        type Passport { number: String! @requiresScopes(scopes: [["passport"]]) country: String }
        type City @key(fields: "code country { iso }") { code: String! @authenticated country: Country! name: String }
        type Country @shareable { iso: String! }
      `,
      resolvers: {
        Query: {
          person: () => ({ ...person({ id: 'SECRET-1' }), passport: { number: 'SECRET-2', country: 'GB' } }),
          people: () => [person({ id: 'SECRET-1' })],
          city: () => ({ code: 'SECRET-3', country: { iso: 'FR' }, name: 'Lyon' }),
        },
        Person: { __resolveReference: (ref: { id: string; passport?: string }) => person(ref) ?? byPassport(ref) },
      },
    },
    orders: {
      sdl: `
        type Query { orders: [Order!]! }
        type Order @key(fields: "id") { id: ID! buyer: Person! total: Int }
        type Person @key(fields: "id") { id: ID! orders: [Order!]! spent: Int! }
        type City @key(fields: "code country { iso }") { code: String! country: Country! inhabitants: Int }
        type Country @shareable { iso: String! }
      `,
      resolvers: {
        Query: { orders: () => [{ id: 'o1', buyer: { __typename: 'Person', id: 'SECRET-1' }, total: 3 }] },
        Person: { orders: () => [{ id: 'o1', buyer: { id: 'SECRET-1' }, total: 3 }], spent: () => 3 },
        City: { inhabitants: ({ code }: { code: string }) => (code === 'SECRET-3' ? 500_000 : -1) },
      },
    },
    border: {
      sdl: `
        type Person @key(fields: "passport { number }") { passport: Passport @external visits: Int }
        type Passport { number: String! @external }
        type Query { border: String }
      `,
      resolvers: { Person: { visits: () => 12 } },
    },
  },
  cases: [
    {
      it: 'joins by a key that the caller may not read',
      query: '{ person { name spent } }',
      data: { person: { name: 'Ada', spent: 3 } },
      fetches: 2,
    },
    {
      it: 'never shows the key, though it was fetched',
      query: '{ person { name other: id spent orders { id } } }',
      data: { person: null },
      denied: ['person.other'],
    },
    {
      it: 'never shows the key under its own name',
      query: '{ people { id name spent } }',
      data: { people: [null] },
      denied: ['people.@.id'],
    },
    {
      it: 'shows it to whoever may read it',
      query: '{ person { id spent } }',
      who: somebody,
      data: { person: { id: 'SECRET-1', spent: 3 } },
    },
    {
      it: 'joins from the other side by it',
      query: '{ orders { id buyer { name } } }',
      data: { orders: [{ id: 'o1', buyer: { name: 'Ada' } }] },
    },
    {
      it: 'shows nothing of a nested key',
      query: '{ person { passport { country number } visits } }',
      who: somebody,
      data: { person: { passport: null, visits: 12 } },
      denied: ['person.passport.number'],
    },
    {
      it: 'joins by a nested key and shows what may be read beside it',
      query: '{ person { passport { country } visits } }',
      data: { person: { passport: { country: 'GB' }, visits: 12 } },
    },
    {
      it: 'shows the nested key with its scope',
      query: '{ person { passport { number } visits } }',
      who: withScopes('passport'),
      data: { person: { passport: { number: 'SECRET-2' }, visits: 12 } },
    },
    {
      it: 'joins by a compound key of which one part is forbidden',
      query: '{ city { name inhabitants country { iso } } }',
      data: { city: { name: 'Lyon', inhabitants: 500_000, country: { iso: 'FR' } } },
    },
    {
      it: 'never shows that part',
      query: '{ city { inhabitants code } }',
      data: { city: null },
      denied: ['city.code'],
    },
  ],
}
