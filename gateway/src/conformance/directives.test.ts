/** What the Federation specification says of each directive of composition, on small graphs whose answers are worked out by hand. */
import { describe, expect, it } from 'vitest'
import { graphOf, type Subgraph } from '../access/cases/graph.ts'

type Row = readonly [
  it: string,
  subgraphs: Readonly<Record<string, Subgraph>>,
  query: string,
  data: unknown,
  variables?: object,
]

const byId =
  (known: Readonly<Record<string, object>>) =>
  ({ id }: { id: string }) =>
    known[id] ?? null
const echo = <T>(reference: T) => reference

const books: Readonly<Record<string, Subgraph>> = {
  names: {
    sdl: `
      type Query { media: [Media] @shareable one: Media }
      interface Media @key(fields: "id") { id: ID! title: String }
      interface Printed { title: String }
      type Book implements Media & Printed @key(fields: "id") { id: ID! title: String pages: Int }
      type Film implements Media @key(fields: "id") { id: ID! title: String }
    `,
    resolvers: {
      Query: {
        media: () => [
          { __typename: 'Book', id: '1', title: 'A', pages: 3 },
          null,
          { __typename: 'Film', id: '2', title: 'B' },
        ],
        one: () => ({ __typename: 'Film', id: '2', title: 'B' }),
      },
      Media: {
        __resolveReference: byId({
          1: { __typename: 'Book', id: '1', title: 'A', pages: 3 },
          2: { __typename: 'Film', id: '2', title: 'B' },
        }),
      },
    },
  },
  stars: {
    sdl: `
      type Query { best: [Media] }
      type Media @interfaceObject @key(fields: "id") { id: ID! title: String @external stars: Int label: String @requires(fields: "title") }
    `,
    resolvers: {
      Query: { best: () => [{ id: '1' }, { id: '2' }] },
      Media: {
        __resolveReference: echo,
        stars: ({ id }: { id: string }) => Number(id) * 2,
        label: ({ title }: { title: string }) => `*${title}`,
      },
    },
  },
}

const chain: Readonly<Record<string, Subgraph>> = {
  a: {
    sdl: 'type Query { t: [T] } type T @key(fields: "id") { id: ID! }',
    resolvers: { Query: { t: () => [{ id: '1' }, { id: '2' }, null] } },
  },
  b: {
    sdl: 'type T @key(fields: "id") @key(fields: "code region { name }") { id: ID! code: Int region: Region } type Region { name: String @shareable }',
    resolvers: { T: { __resolveReference: byId({ 1: { id: '1', code: 7, region: { name: 'N' } } }) } },
  },
  c: {
    sdl: 'type T @key(fields: "code region { name }") { code: Int region: Region price: Int } type Region { name: String @shareable }',
    resolvers: {
      T: {
        __resolveReference: ({ code, region }: { code: number; region: { name: string } }) =>
          region.name === 'N' ? { price: code * 10 } : null,
      },
    },
  },
}

/** What was sent, or else a failure: a subgraph must not compute from nothing. */
const needed = (value: unknown) => {
  if (value === undefined) throw new Error('was not sent')
  return value
}

/** `total` of sums takes `net` of prices, which takes `cost` of makers. */
const computedChain: Readonly<Record<string, Subgraph>> = {
  shop: {
    sdl: 'type Query { box: Box } type Box @key(fields: "id") { id: ID! item: Item } type Item @key(fields: "id") { id: ID! }',
    resolvers: { Query: { box: () => ({ id: '1', item: { id: '2' } }) } },
  },
  makers: {
    sdl: 'type Item @key(fields: "id") { id: ID! cost: Int weight: Int }',
    resolvers: { Item: { __resolveReference: () => ({ cost: 5, weight: 7 }) } },
  },
  prices: {
    sdl: 'type Item @key(fields: "id") { id: ID! cost: Int @external net: Int @requires(fields: "cost") tax: Int }',
    resolvers: {
      Item: { __resolveReference: echo, net: ({ cost }: { cost: number }) => Number(needed(cost)) * 10, tax: () => 3 },
    },
  },
  sums: {
    sdl: `
      type Item @key(fields: "id") {
        id: ID! net: Int @external weight: Int @external total: Int @requires(fields: "net weight") stars: Int
      }
    `,
    resolvers: {
      Item: {
        __resolveReference: echo,
        total: ({ net, weight }: { net: number; weight: number }) => Number(needed(net)) + Number(needed(weight)),
        stars: () => 4,
      },
    },
  },
}

const rows: readonly Row[] = [
  [
    '@key: entities are reached over a chain of keys, compound and nested; one that is not known on the way is null',
    chain,
    '{ t { id price } }',
    { t: [{ id: '1', price: 70 }, { id: '2', price: null }, null] },
  ],
  [
    '@interfaceObject: its fields are those of every implementation',
    books,
    '{ media { title stars } one { stars } }',
    { media: [{ title: 'A', stars: 2 }, null, { title: 'B', stars: 4 }], one: { stars: 4 } },
  ],
  [
    '@interfaceObject: what an object is is asked where the interface is known',
    books,
    '{ best { __typename stars ... on Book { pages } } }',
    {
      best: [
        { __typename: 'Book', stars: 2, pages: 3 },
        { __typename: 'Film', stars: 4 },
      ],
    },
  ],
  [
    '@interfaceObject: a fragment on another interface finds those that are both',
    books,
    '{ best { ... on Printed { title } stars } }',
    { best: [{ title: 'A', stars: 2 }, { stars: 4 }] },
  ],
  [
    '@interfaceObject with @requires: takes what the implementations have',
    books,
    '{ best { label } }',
    { best: [{ label: '*A' }, { label: '*B' }] },
  ],
  [
    '@requires of what is computed itself, over three subgraphs: each is asked when its inputs are there',
    computedChain,
    '{ box { item { total net tax } } }',
    { box: { item: { total: 57, net: 50, tax: 3 } } },
  ],
  [
    '@requires under a condition that is written out: what else is asked of its subgraph is answered without it',
    computedChain,
    '{ box { item { net @include(if: false) tax ... @skip(if: true) { total } stars } } }',
    { box: { item: { tax: 3, stars: 4 } } },
  ],
  ...[true, false].map(
    (v): Row => [
      `@requires under a condition that is ${v}: what else is asked of its subgraph is answered in any case`,
      computedChain,
      `query ($v: Boolean!) { box { item { net @include(if: $v) tax stars ...Total @include(if: $v) } } }
       fragment Total on Item { total @skip(if: false) }`,
      { box: { item: v ? { net: 50, tax: 3, stars: 4, total: 57 } : { tax: 3, stars: 4 } } },
      { v },
    ],
  ),
  [
    '@provides on an interface and on a union: what is provided is not asked for elsewhere',
    {
      a: {
        sdl: `
          type Query { pet: Pet @provides(fields: "... on Dog { name }") any: Any @provides(fields: "... on Dog { name }") }
          interface Pet { id: ID! }
          union Any = Dog
          type Dog implements Pet @key(fields: "id") { id: ID! name: String @external }
        `,
        resolvers: {
          Query: {
            pet: () => ({ __typename: 'Dog', id: '1', name: 'Rex' }),
            any: () => ({ __typename: 'Dog', id: '1', name: 'Rex' }),
          },
        },
      },
      b: {
        sdl: 'type Dog @key(fields: "id") { id: ID! name: String @shareable age: Int }',
        resolvers: {
          Dog: {
            __resolveReference: () => ({
              age: 4,
              get name() {
                throw new Error('was provided')
              },
            }),
          },
        },
      },
    },
    '{ pet { ... on Dog { name age } } any { ... on Dog { name } } }',
    { pet: { name: 'Rex', age: 4 }, any: { name: 'Rex' } },
  ],
  [
    '@shareable root: lists within lists that two subgraphs give parts of are joined item by item',
    {
      a: {
        sdl: 'type Query { grid: [[Cell]] @shareable } type Cell { x: Int }',
        resolvers: { Query: { grid: () => [[{ x: 1 }, null], [{ x: 2 }]] } },
      },
      b: {
        sdl: 'type Query { grid: [[Cell]] @shareable } type Cell { y: Int }',
        resolvers: { Query: { grid: () => [[{ y: 3 }, null], [{ y: 4 }]] } },
      },
    },
    '{ grid { x y } }',
    { grid: [[{ x: 1, y: 3 }, null], [{ x: 2, y: 4 }]] },
  ],
  [
    '@override: the field is asked of whoever took it',
    {
      a: {
        sdl: 'type Query { t: T } type T @key(fields: "id") { id: ID! name: String }',
        resolvers: { Query: { t: () => ({ id: '1', name: 'old' }) } },
      },
      b: {
        sdl: 'type T @key(fields: "id") { id: ID! name: String @override(from: "a") }',
        resolvers: { T: { __resolveReference: echo, name: () => 'new' } },
      },
    },
    '{ t { name } }',
    { t: { name: 'new' } },
  ],
  [
    '@inaccessible key: joins, and no alias of its name shows it',
    {
      a: {
        sdl: 'type Query { t: T } type T @key(fields: "secret") { secret: ID! @inaccessible name: String }',
        resolvers: { Query: { t: () => ({ secret: 's', name: 'N' }) } },
      },
      b: {
        sdl: 'type T @key(fields: "secret") { secret: ID! price: Int }',
        resolvers: { T: { __resolveReference: echo, price: () => 5 } },
      },
    },
    '{ t { secret: name price } }',
    { t: { secret: 'N', price: 5 } },
  ],
  [
    'enums: an output has the values of both, an input those that both have; of inputs the fields that both have',
    {
      a: {
        sdl: 'type Query { a(f: F): Out @shareable } enum Out { ONE } input F { both: Int own: Int }',
        resolvers: { Query: { a: () => 'ONE' } },
      },
      b: {
        sdl: 'type Query { b(f: F): Out } enum Out { ONE TWO } input F { both: Int }',
        resolvers: { Query: { b: (_: unknown, { f }: { f: { both: number } }) => (f.both === 2 ? 'TWO' : 'ONE') } },
      },
    },
    'query ($f: F) { a(f: $f) b(f: $f) }',
    { a: 'ONE', b: 'TWO' },
    { f: { both: 2 } },
  ],
  [
    '@context: a field takes what stands around it, each its own',
    {
      a: {
        sdl: `
          type Query { shops: [Shop] }
          type Shop @key(fields: "id") @context(name: "shop") { id: ID! rate: Int item: Item }
          type Item @key(fields: "id") { id: ID! price(rate: Int @fromContext(field: "$shop { rate }")): Int }
        `,
        resolvers: {
          Query: {
            shops: () => [
              { id: '1', rate: 2, item: { id: 'i' } },
              { id: '2', rate: 3, item: { id: 'i' } },
            ],
          },
          Item: { __resolveReference: echo, price: (_: unknown, { rate }: { rate: number }) => rate * 10 },
        },
      },
    },
    '{ shops { item { id price } } }',
    { shops: [{ item: { id: 'i', price: 20 } }, { item: { id: 'i', price: 30 } }] },
  ],
]

describe('composition directives', () => {
  for (const [sentence, subgraphs, query, data, variables = {}] of rows) {
    it(sentence, async () => {
      const answer = await graphOf(subgraphs)(query, {}, { variables })
      expect([answer.data, answer.errors]).toEqual([data, []])
    })
  }

  it('mutations run one after the other, also in different subgraphs', async () => {
    const log: string[] = []
    const subgraph = (name: string): Subgraph => ({
      sdl: `type Query { ${name}: Int } type Mutation { ${name}Add(by: Int): Int }`,
      resolvers: {
        Mutation: {
          [`${name}Add`]: async (_: unknown, { by }: { by: number }) => {
            log.push(`begin ${name}${by}`)
            await new Promise((resolve) => setImmediate(resolve))
            return log.push(`end ${name}${by}`)
          },
        },
      },
    })
    const { data } = await graphOf({ a: subgraph('a'), b: subgraph('b') })(
      'mutation { one: aAdd(by: 1) two: bAdd(by: 2) three: aAdd(by: 3) }',
    )
    expect(data).toEqual({ one: 2, two: 4, three: 6 })
    expect(log).toEqual(['begin a1', 'end a1', 'begin b2', 'end b2', 'begin a3', 'end a3'])
  })
})
