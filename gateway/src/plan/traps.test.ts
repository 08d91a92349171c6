/** What Apollo's planner and its plans get wrong if nobody watches it: each is answered as the subgraphs mean it. */
import { beforeAll, describe, expect, it } from 'vitest'
import { byId } from '../access/cases/case.ts'
import { type Answered, graphOf } from '../access/cases/graph.ts'

describe('a field that is required with arguments', () => {
  let ask: (query: string) => Promise<Answered>
  beforeAll(() => {
    const product = {
      upc: '1',
      name: 'Lamp',
      weight: 2,
      price: ({ currency }: { currency: string }) => ({ USD: 10, EUR: 9, GBP: 8 })[currency],
      category: { averagePrice: ({ currency }: { currency: string }) => ({ USD: 20, EUR: 18 })[currency] },
      offers: ({ first = 3 }: { first?: number }) => [{ by: 'a' }, { by: 'b' }, { by: 'c' }].slice(0, first),
    }
    const reference = (given: object) => given
    ask = graphOf({
      shop: {
        sdl: `
          type Query { product: Product }
          type Product @key(fields: "upc") {
            upc: ID! name: String weight: Int price(currency: String!): Int category: Category offers(first: Int): [Offer!]
          }
          type Category { averagePrice(currency: String!): Int }
          type Offer { by: String }
        `,
        resolvers: { Query: { product: () => product }, Product: { __resolveReference: () => product } },
      },
      delivery: {
        sdl: `
          type Product @key(fields: "upc") {
            upc: ID!
            weight: Int @external
            price(currency: String!): Int @external
            category: Category @external
            offers(first: Int): [Offer!] @external
            insured: Boolean
            toAmerica: Int @requires(fields: "price(currency: \\"USD\\") weight")
            toEurope: Int @requires(fields: "price(currency: \\"EUR\\") weight")
            isDear: Boolean @requires(fields: "category { averagePrice(currency: \\"USD\\") }")
            isDearInEurope: Boolean @requires(fields: "category { averagePrice(currency: \\"EUR\\") }")
            senders: Int @requires(fields: "offers { by }")
            firstSender: String @requires(fields: "offers(first: 1) { by }")
          }
          type Category @external { averagePrice(currency: String!): Int }
          type Offer @external { by: String }
        `,
        resolvers: {
          Product: {
            __resolveReference: reference,
            insured: () => true,
            toAmerica: ({ price, weight }: { price: number; weight: number }) => price * 100 + weight,
            toEurope: ({ price, weight }: { price: number; weight: number }) => price * 100 + weight,
            isDear: ({ category }: { category: { averagePrice: number } }) => category.averagePrice === 20,
            isDearInEurope: ({ category }: { category: { averagePrice: number } }) => category.averagePrice === 18,
            senders: ({ offers }: { offers: unknown[] }) => offers.length,
            firstSender: ({ offers }: { offers: { by: string }[] }) => offers.map(({ by }) => by).join(),
          },
        },
      },
    })
  })

  it.each<[string, string, object]>([
    ['alone', '{ product { toAmerica } }', { toAmerica: 1002 }],
    ['beside the client’s own', '{ product { price(currency: "GBP") toAmerica } }', { price: 8, toAmerica: 1002 }],
    [
      'with other arguments for another field',
      '{ product { toAmerica insured toEurope } }',
      { toAmerica: 1002, insured: true, toEurope: 902 },
    ],
    [
      'within an object',
      '{ product { isDear isDearInEurope category { averagePrice(currency: "EUR") } } }',
      { isDear: true, isDearInEurope: true, category: { averagePrice: 18 } },
    ],
    [
      'without them and with them',
      '{ product { senders firstSender offers(first: 2) { by } } }',
      { senders: 3, firstSender: 'a', offers: [{ by: 'a' }, { by: 'b' }] },
    ],
    [
      'in fragments',
      'query ($no: Boolean = false) { product { ...A ...B @skip(if: $no) } } fragment A on Product { toAmerica insured } fragment B on Product { toEurope }',
      { toAmerica: 1002, insured: true, toEurope: 902 },
    ],
  ])('has its own value %s', async (_, query, product) => {
    expect(await ask(query)).toMatchObject({ data: { product }, errors: [] })
  })
})

describe('a key that a subgraph does not answer', () => {
  it('is not what it is asked with', async () => {
    const ask = graphOf({
      names: {
        sdl: 'type A @key(fields: "id") { id: ID! name: String }',
        resolvers: { A: { __resolveReference: byId({ id: '1', name: 'one' }) } },
      },
      codes: {
        sdl: `
          type Query { all: [A] }
          type A @key(fields: "code { left }", resolvable: false) @key(fields: "id code { left right }") {
            id: ID! code: Code name: String @external shout: String @requires(fields: "name")
          }
          type Code { left: ID right: ID }
        `,
        resolvers: {
          Query: { all: () => [{ id: '1', code: { left: 'l', right: 'r' } }] },
          A: {
            __resolveReference: (given: { id?: string; code: { right?: string } }) =>
              given.id && given.code.right ? given : null,
            shout: ({ name }: { name: string }) => name.toUpperCase(),
          },
        },
      },
    })
    expect(await ask('{ all { shout } }')).toMatchObject({ data: { all: [{ shout: 'ONE' }] }, errors: [] })
  })
})

describe('a field that is computed from others', () => {
  const said = (field: string, from: string) => (given: Record<string, string>) =>
    `${field}(${given[from] ?? 'nothing'})`
  const reference = { __resolveReference: (given: object) => given }
  const root = { Query: { one: () => ({ id: '1' }) } }

  it.each<[string, Parameters<typeof graphOf>[0]]>([
    [
      'in a third subgraph',
      {
        a: { sdl: 'type E @key(fields: "id") { id: ID! o: String }', resolvers: { E: { o: () => 'o' } } },
        b: {
          sdl: 'type Query { one: E } type E @key(fields: "id") { id: ID! o: String @external r: String @requires(fields: "o") }',
          resolvers: { ...root, E: { ...reference, r: said('r', 'o') } },
        },
        c: {
          sdl: 'type E @key(fields: "id") { id: ID! r: String @external s: String @requires(fields: "r") }',
          resolvers: { E: { ...reference, s: said('s', 'r') } },
        },
      },
    ],
    [
      'where the first input is',
      {
        a: {
          sdl: 'type E @key(fields: "id") { id: ID! o: String r: String @external s: String @requires(fields: "r") }',
          resolvers: { E: { ...reference, o: () => 'o', s: said('s', 'r') } },
        },
        b: {
          sdl: 'type Query { one: E } type E @key(fields: "id") { id: ID! o: String @external r: String @requires(fields: "o") }',
          resolvers: { ...root, E: { ...reference, r: said('r', 'o') } },
        },
      },
    ],
  ])('and they in turn has all that it needs: %s', async (_, subgraphs) => {
    const ask = graphOf(subgraphs)
    for (const query of ['{ one { s } }', '{ one { s r } }', '{ one { o s } }'])
      expect(await ask(query)).toMatchObject({ data: { one: { s: 's(r(o))' } }, errors: [] })
  })

  it('is not joined by a key that a subgraph only names', async () => {
    const ask = graphOf({
      a: {
        sdl: 'type E @key(fields: "id") { id: ID! k: ID @shareable o: String @external s: String @requires(fields: "o") }',
        resolvers: { E: { ...reference, k: () => 'k', s: said('s', 'o') } },
      },
      b: {
        sdl: 'type Query { one: E } type E @key(fields: "id") { id: ID! k: ID @external r: String @requires(fields: "k") }',
        resolvers: { ...root, E: { ...reference, r: said('r', 'k') } },
      },
      c: {
        sdl: 'type E @key(fields: "k") { k: ID o: String }',
        resolvers: { E: { o: ({ k }: { k: string }) => `o of ${k}` } },
      },
    })
    expect(await ask('{ one { s } }')).toMatchObject({ data: { one: { s: 's(o of k)' } }, errors: [] })
  })
})

describe('a plan that leaves out what was asked', () => {
  it('is not executed', async () => {
    const ask = graphOf({
      a: {
        sdl: 'type Query { a: Node other: Int } interface Node @key(fields: "id") { id: ID! }',
        resolvers: { Query: { other: () => 1 }, Node: { __resolveType: () => 'None' } },
      },
      b: {
        sdl: 'type Query { b: Node } type Node @key(fields: "id") @interfaceObject { id: ID! field: String }',
        resolvers: {},
      },
    })
    expect(await ask('{ other a { field } }')).toMatchObject({ errors: ['OPERATION_PLANNING_FAILED'], sent: [] })
    expect(await ask('{ other a @include(if: false) { field } }')).toMatchObject({ data: { other: 1 }, errors: [] })
  })
})

describe('an object of which nothing is asked', () => {
  it.each<[string, object]>([
    ['{ one { ... @include(if: false) { name } } none { name @skip(if: true) } }', { one: {}, none: null }],
    ['query ($v: Boolean = true) { one @include(if: $v) { name @skip(if: $v) } }', { one: {} }],
    [
      'query ($v: Boolean = true) { one @include(if: $v) { ...F } } fragment F on One { name @include(if: false) }',
      { one: {} },
    ],
    ['{ ... @include(if: false) { one { name } } }', {}],
  ])('is asked for nevertheless: %s', async (query, data) => {
    const ask = graphOf({
      a: {
        sdl: 'type Query { one: One none: One } type One { name: String }',
        resolvers: { Query: { one: () => ({ name: 'n' }), none: () => null } },
      },
    })
    expect(await ask(query)).toMatchObject({ data, errors: [] })
    expect(JSON.stringify((await ask(query)).data)).toBe(JSON.stringify(data))
  })
})

describe('objects that a subgraph knows by one interface', () => {
  it('are known by another where they are asked for by it', async () => {
    const ask = graphOf({
      a: {
        sdl: `
          interface Node @key(fields: "id") { id: ID! }
          interface Named { name: String }
          type One implements Node & Named @key(fields: "id") { id: ID! name: String }
          type Other implements Node @key(fields: "id") { id: ID! }
        `,
        resolvers: {
          Node: {
            __resolveReference: ({ id }: { id: string }) => ({
              __typename: id === '1' ? 'One' : 'Other',
              id,
              name: 'n',
            }),
          },
          One: { __resolveReference: ({ id }: { id: string }) => ({ id, name: 'n' }) },
        },
      },
      b: {
        sdl: 'type Query { all: [Node] } type Node @key(fields: "id") @interfaceObject { id: ID! }',
        resolvers: { Query: { all: () => [{ id: '1' }, { id: '2' }] } },
      },
    })
    const named = [{ __typename: 'One', name: 'n' }, {}]
    expect(await ask('{ all { ... on Named { __typename name } } }')).toMatchObject({
      data: { all: named },
      errors: [],
    })
    const spread = '{ all { id ...N } } fragment N on Named { name ... on One { one: id } }'
    expect(await ask(spread)).toMatchObject({
      data: { all: [{ id: '1', name: 'n', one: '1' }, { id: '2' }] },
      errors: [],
    })
  })
})

describe('a name that the client chose', () => {
  let ask: (query: string) => Promise<Answered>
  beforeAll(() => {
    const one = {
      __typename: 'Product',
      internalId: 'SECRET-1',
      id: '1',
      name: 'Lamp',
      _fm_name: 'own',
      maker: { id: 'm', name: 'Ada' },
    }
    ask = graphOf({
      shop: {
        sdl: `
          type Query { products: [Product!]! found: [Found!]! }
          union Found = Product
          type Product @key(fields: "internalId") {
            internalId: ID! @inaccessible name: String _fm_name: String constructor: String maker: Maker
          }
          type Maker @key(fields: "id") { id: ID! name: String }
        `,
        resolvers: {
          Query: { products: () => [one], found: () => [one] },
          Product: { __resolveReference: () => one, constructor: () => 'built' },
          Maker: { __resolveReference: () => one.maker },
        },
      },
      prices: {
        sdl: `
          type Product @key(fields: "internalId") { internalId: ID! @inaccessible price: Int }
          type Maker @key(fields: "id") { id: ID! rank: Int }
        `,
        resolvers: {
          Product: { price: ({ internalId }: { internalId: string }) => (internalId === 'SECRET-1' ? 7 : 0) },
          Maker: { rank: ({ id }: { id: string }) => (id === 'm' ? 3 : 0) },
        },
      },
    })
  })

  it.each<[string, string, object]>([
    [
      'stands beside a key of that name',
      '{ products { maker { id: name rank } } }',
      { products: [{ maker: { id: 'Ada', rank: 3 } }] },
    ],
    [
      'stands beside a key that may not be seen',
      '{ products { internalId: name price } }',
      { products: [{ internalId: 'Lamp', price: 7 }] },
    ],
    [
      'stands beside the type',
      '{ found { ... on Product { __typename: name price } } }',
      { found: [{ __typename: 'Lamp', price: 7 }] },
    ],
    [
      'may begin as our own',
      '{ products { _fm_name _fmr_0_price: name _fm__fm_name: price } }',
      { products: [{ _fm_name: 'own', _fmr_0_price: 'Lamp', _fm__fm_name: 7 }] },
    ],
  ])('%s', async (_, query, data) => {
    expect(await ask(query)).toMatchObject({ data, errors: [] })
  })

  it('may be one of a prototype', async () => {
    const { data, errors } = await ask(
      '{ __proto__: products { constructor hasOwnProperty: price __proto__: maker { toString: rank __proto__: name } } }',
    )
    expect(errors).toEqual([])
    expect(JSON.stringify(data)).toBe(
      '{"__proto__":[{"constructor":"built","hasOwnProperty":7,"__proto__":{"toString":3,"__proto__":"Ada"}}]}',
    )
  })
})
