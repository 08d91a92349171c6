/** A filter tells about what it filters by. */
import { type CaseGraph, withScopes } from './case.ts'

const people = [{ id: '1', name: 'Ada' }]

export const filters: CaseGraph = {
  name: 'arguments of restricted types',
  subgraphs: {
    people: {
      sdl: `
        type Query {
          bySsn(ssn: SSN): [Person!]
          bySsns(ssns: [SSN!]): [Person!]
          people(filter: Filter, first: Int): [Person!]
          sorted(by: Order = NAME): [Person!]
          optional(by: Order = null): [Person!]
          any(filter: Any = { nested: { ssn: "SECRET-0" } }): [Person!]
        }
        type Person { id: ID! name: String near(ssn: SSN): String }
        input Filter { name: String ssn: SSN nested: Filter order: [Order!] }
        input Any { name: String nested: Filter }
        scalar SSN @requiresScopes(scopes: [["ssn"]])
        enum Order @authenticated { NAME AGE }
      `,
      resolvers: {
        Query: Object.fromEntries(
          ['bySsn', 'bySsns', 'people', 'sorted', 'optional', 'any'].map((field) => [field, () => people]),
        ),
        Person: { near: () => 'near' },
      },
    },
  },
  cases: [
    {
      it: 'forbids a field that is given a forbidden value literally',
      query: '{ bySsn(ssn: "SECRET-1") { name } }',
      data: { bySsn: null },
      denied: ['bySsn'],
      fetches: 0,
    },
    {
      it: 'forbids it by a variable',
      query: 'query ($ssn: SSN) { bySsn(ssn: $ssn) { name } }',
      variables: { ssn: 'SECRET-1' },
      data: { bySsn: null },
      denied: ['bySsn'],
      fetches: 0,
    },
    {
      it: "forbids it by a variable's default",
      query: 'query ($ssn: SSN = "SECRET-1") { bySsn(ssn: $ssn) { name } }',
      data: { bySsn: null },
      denied: ['bySsn'],
      fetches: 0,
    },
    {
      it: 'forbids a null too, which asks who has none',
      query: '{ bySsn(ssn: null) { name } people(filter: { ssn: null }) { name } }',
      data: { bySsn: null, people: null },
      denied: ['bySsn', 'people'],
      fetches: 0,
    },
    {
      it: 'answers where the value is not given',
      query: 'query ($ssn: SSN) { bySsn { name } other: bySsn(ssn: $ssn) { name } }',
      data: { bySsn: [{ name: 'Ada' }], other: [{ name: 'Ada' }] },
    },
    {
      it: 'forbids it in a list',
      query: '{ bySsns(ssns: ["SECRET-1"]) { name } one: bySsns(ssns: "SECRET-1") { name } }',
      data: { bySsns: null, one: null },
      denied: ['bySsns', 'one'],
      fetches: 0,
    },
    {
      it: 'forbids it deep in an input object, of one alias and not of the other',
      query: 'query ($f: Filter) { a: people(filter: $f) { name } b: people(filter: { name: "x" }) { name } }',
      variables: { f: { nested: { nested: { ssn: 'SECRET-1' } } } },
      data: { a: null, b: [{ name: 'Ada' }] },
      denied: ['a'],
      unsent: /SECRET|ssn/i,
    },
    {
      it: 'forbids an enum in a list in an input object',
      query: '{ people(filter: { order: [AGE] }) { name } }',
      who: {},
      data: { people: null },
      denied: ['people'],
      fetches: 0,
    },
    {
      it: "forbids by the schema's own default",
      query: '{ sorted { name } }',
      data: { sorted: null },
      denied: ['sorted'],
      fetches: 0,
    },
    {
      it: "forbids by the schema's default deep in an input object",
      query: '{ any { name } none: any(filter: null) { name } some: any(filter: { name: "x" }) { name } }',
      data: { any: null, none: [{ name: 'Ada' }], some: [{ name: 'Ada' }] },
      denied: ['any'],
    },
    {
      it: 'is not disturbed by a default that says nothing',
      query: '{ optional { name } given: optional(by: AGE) { name } }',
      data: { optional: [{ name: 'Ada' }], given: null },
      denied: ['given'],
      unsent: /AGE/,
    },
    {
      it: 'forbids it below the root',
      query: '{ people { name near(ssn: "SECRET-1") far: near } }',
      data: { people: [{ name: 'Ada', near: null, far: 'near' }] },
      denied: ['people.@.near'],
      unsent: /SECRET/,
    },
    {
      it: 'gives it to whoever may read the values',
      query: '{ bySsn(ssn: "1") { name } sorted(by: AGE) { name } }',
      who: withScopes('ssn'),
      data: { bySsn: [{ name: 'Ada' }], sorted: [{ name: 'Ada' }] },
    },
  ],
}
