/** The engine by itself: a plan, subgraphs that answer whatever the test says, and what is merged of it. */
import { anonymous } from '@fundmesh/platform/identity/caller'
import { createLogger } from '@fundmesh/platform/telemetry/log'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { composed, loaded } from '../access/cases/graph.ts'
import { openAccess } from '../access/testing.ts'
import { isErrorCode } from '../errors/catalogue.ts'
import type { Plan } from '../plan/planner.ts'
import { openViews } from '../view/views.ts'
import { executor } from './executor.ts'
import { type SubgraphAnswer, type SubgraphClient, SubgraphFailure, type SubgraphRequest } from './subgraph-client.ts'

const supergraph = loaded(
  composed({
    shop: `
      type Query { products: [Product] grid: [[Product]] first: Product any: [Thing] }
      union Thing = Product | Book
      type Product @key(fields: "upc") { upc: ID! weight: Int }
      type Book @key(fields: "isbn") { isbn: ID! title: String }
    `,
    stock: `
      type Product @key(fields: "upc") {
        upc: ID!
        weight: Int @external
        left(unit: String): Int
        shipping: Int @requires(fields: "weight")
        box: Box
      }
      type Box { size: Int lid: Lid }
      type Lid @key(fields: "id") { id: ID! }
      type Book @key(fields: "isbn") { isbn: ID! copies: Int }
    `,
    lids: `type Lid @key(fields: "id") { id: ID! colour: String }`,
  }),
)
const log = createLogger('test', 'silent')
const views = openViews(supergraph, log)
const { permit, rightsOf } = openAccess(supergraph, views)

type Answering = (request: SubgraphRequest) => Partial<SubgraphAnswer> | Promise<Partial<SubgraphAnswer>>
type Representation = Readonly<Record<string, unknown>>

const ids = (request: SubgraphRequest) => request.variables.representations as readonly Representation[]
const entities =
  (answer: (representation: Representation, index: number) => unknown): Answering =>
  (request) => ({ data: { _entities: ids(request).map(answer) } })

let answering: Readonly<Record<string, Answering>> = {}
let sent: { subgraph: string; query: string; variables: object }[] = []
const clientOf = (subgraph: string): [string, SubgraphClient] => [
  subgraph,
  {
    async ask(request) {
      sent.push({ subgraph, query: request.query, variables: request.variables })
      return { data: null, errors: [], ...(await answering[subgraph]!(request)) }
    },
  },
]
const clients = new Map(['shop', 'stock', 'lids'].map(clientOf))
const engine = executor({ loaded: supergraph, views, clients })

async function run(
  query: string,
  subgraphs: typeof answering,
  variables: object = {},
  engaged = engine,
  replan: (plan: Plan) => Plan = (plan) => plan,
) {
  answering = subgraphs
  sent = []
  const operation = views.of(anonymous).understand({ method: 'POST', query, variables })
  const asking = { caller: anonymous, channel: 'GRAPHQL', atLeastEpoch: 0 } as const
  const permitted = permit(asking, operation, rightsOf(anonymous, 'GRAPHQL'))
  const plan = replan(await views.planner.plan(permitted))
  const { data, errors } = await engaged.execute(permitted, plan, new AbortController().signal)
  return {
    data,
    sent,
    errors: errors.map(({ path, extensions }) => `${extensions.code} ${path?.join('.') ?? 'nowhere'}`),
    messages: errors.map(({ message }) => message),
  }
}

const product = (upc: string, more: object = {}) => ({ __typename: 'Product', upc, ...more })

describe('a plan is run', () => {
  it('asks for equal entities once, and puts the answer at every place', async () => {
    const { data, sent } = await run('{ products { left } }', {
      shop: () => ({ data: { products: [product('a'), null, product('b'), product('a')] } }),
      stock: entities(({ upc }) => ({ left: upc === 'a' ? 1 : 2 })),
    })
    expect(sent[1]?.variables).toEqual({ representations: [product('a'), product('b')] })
    expect(data).toMatchObject({ products: [{ left: 1 }, null, { left: 2 }, { left: 1 }] })
  })

  it('finds entities in lists of lists, and tells an error at each place behind the entity', async () => {
    const { data, errors } = await run('{ grid { left } }', {
      shop: () => ({ data: { grid: [[product('a')], null, [null, product('b'), product('a')]] } }),
      stock: (request) => ({
        ...entities(({ upc }) => ({ left: upc === 'b' ? 2 : null }))(request),
        errors: [{ message: 'secret', code: 'FORBIDDEN_BY_GREMLINS', path: ['_entities', 0, 'left'] }],
      }),
    })
    expect(data).toMatchObject({ grid: [[{ upc: 'a', left: null }], null, [null, { left: 2 }, { left: null }]] })
    expect(errors).toEqual(['INTERNAL_SERVER_ERROR grid.0.0.left', 'INTERNAL_SERVER_ERROR grid.2.2.left'])
  })

  it('lets a message of a subgraph out only where it is meant for the caller', async () => {
    const { errors, messages } = await run('{ first { weight } }', {
      shop: () => ({
        errors: [
          { message: 'unit: expected kg', code: 'BAD_USER_INPUT', path: ['first', 'weight'] },
          { message: 'at 10.0.0.7', code: 'ECONNREFUSED', path: ['first'] },
        ],
      }),
    })
    expect(errors).toEqual(['BAD_USER_INPUT first.weight', 'INTERNAL_SERVER_ERROR first'])
    expect(messages).toEqual(['unit: expected kg', 'The service failed.'])
  })

  it('does not ask for what cannot be said: a key that is null, an input that never came', async () => {
    const { data, sent, errors } = await run('{ products { shipping } }', {
      shop: () => ({
        data: { products: [product('a', { weight: 1 }), product('b'), { ...product('c', { weight: 2 }), upc: null }] },
      }),
      stock: entities(({ weight }) => ({ shipping: weight })),
    })
    expect(sent[1]?.variables).toEqual({ representations: [product('a', { weight: 1 })] })
    expect(data).toMatchObject({ products: [{ shipping: 1 }, { upc: 'b' }, { upc: null }] })
    expect(errors).toEqual([])
  })

  it('tells where something was not asked for as the plan fetches no input of it', async () => {
    const withoutWeight = (plan: Plan): Plan => {
      const text = JSON.stringify(plan)
      const forgetful = text.replace(/(\{products\{[^}]*?)\s*weight/, '$1')
      expect(forgetful).not.toBe(text)
      return JSON.parse(forgetful)
    }
    const { data, errors, sent } = await run(
      '{ products { shipping } }',
      { shop: () => ({ data: { products: [product('a'), null, product('b')] } }) },
      {},
      engine,
      withoutWeight,
    )
    expect(sent).toHaveLength(1)
    expect(data).toMatchObject({ products: [{ upc: 'a' }, null, { upc: 'b' }] })
    expect(errors).toEqual([
      'OPERATION_PLANNING_FAILED products.0.shipping',
      'OPERATION_PLANNING_FAILED products.2.shipping',
    ])
  })

  it('says null to a subgraph where null is the input', async () => {
    const { sent } = await run('{ products { shipping } }', {
      shop: () => ({ data: { products: [product('a', { weight: null })] } }),
      stock: entities(() => ({ shipping: 0 })),
    })
    expect(sent[1]?.variables).toEqual({ representations: [product('a', { weight: null })] })
  })

  it('asks each type of a union for its own, in what order they come', async () => {
    const { data, sent } = await run('{ any { ... on Product { left } ... on Book { copies } } }', {
      shop: () => ({ data: { any: [{ __typename: 'Book', isbn: 'x' }, product('a'), { __typename: 'Ghost' }] } }),
      stock: entities(({ upc }) => (upc ? { left: 1 } : { copies: 2 })),
    })
    expect(data).toMatchObject({ any: [{ copies: 2 }, { left: 1 }, { __typename: 'Ghost' }] })
    expect(sent[1]?.variables).toEqual({ representations: [{ __typename: 'Book', isbn: 'x' }, product('a')] })
  })

  it('fetches below what was fetched, also where equal entities stand at several places', async () => {
    const { data, sent } = await run('{ products { box { size lid { colour } } } }', {
      shop: () => ({ data: { products: [product('a'), product('a'), product('b')] } }),
      stock: entities(({ upc }) => ({ box: { size: 1, lid: { __typename: 'Lid', id: upc } } })),
      lids: entities(({ id }) => ({ colour: `${id}-red` })),
    })
    expect(sent.map(({ subgraph }) => subgraph)).toEqual(['shop', 'stock', 'lids'])
    const lid = (id: string) => ({ box: { lid: { colour: `${id}-red` } } })
    expect(data).toMatchObject({ products: [lid('a'), lid('a'), lid('b')] })
  })

  it.each([
    ['include', true, ['shop', 'stock']],
    ['include', false, ['shop']],
    ['skip', true, ['shop']],
    ['skip', false, ['shop', 'stock']],
  ])('obeys @%s: %s', async (directive, value, asked) => {
    const { sent } = await run(
      `query ($is: Boolean!) { products { upc ... @${directive}(if: $is) { left } } }`,
      { shop: () => ({ data: { products: [product('a')] } }), stock: entities(() => ({ left: 1 })) },
      { is: value },
    )
    expect(sent.map(({ subgraph }) => subgraph)).toEqual(asked)
  })

  it('sends of the variables those that a fetch uses and that were given', async () => {
    const { sent } = await run(
      'query ($unit: String, $constructor: String, $on: Boolean = true) { products { one: left(unit: $unit) other: left(unit: $constructor) weight @include(if: $on) } }',
      { shop: () => ({ data: { products: [product('a')] } }), stock: entities(() => ({ left: 1 })) },
      { unit: 'kg' },
    )
    expect(sent.map(({ variables }) => variables)).toEqual([
      { on: true },
      { unit: 'kg', representations: [product('a')] },
    ])
  })
})

describe('what one step asks of one subgraph goes in one request', () => {
  const catalogue: Answering = () => ({
    data: {
      products: [product('a', { weight: 1 }), product('b', { weight: 2 })],
      first: product('a'),
      any: [product('c'), { __typename: 'Book', isbn: 'x' }],
    },
  })

  it('as one lookup where the same is asked, equal entities once', async () => {
    const { data, sent } = await run('{ products { left } first { left } any { ... on Product { left } } }', {
      shop: catalogue,
      stock: entities(({ upc }) => ({ left: upc })),
    })
    expect(sent.map(({ subgraph }) => subgraph)).toEqual(['shop', 'stock'])
    expect(sent[1]?.variables).toEqual({
      representations: [
        product('a', { weight: undefined }),
        product('b', { weight: undefined }),
        product('c', { weight: undefined }),
      ],
    })
    expect(data).toMatchObject({
      products: [{ left: 'a' }, { left: 'b' }],
      first: { left: 'a' },
      any: [{ left: 'c' }, {}],
    })
  })

  it('as lookups with names of their own where it is not the same', async () => {
    const stock: Answering = ({ query, variables }) => {
      expect(query).toMatch(/^query\(/)
      const lists = Object.values(variables).filter((value) => Array.isArray(value)) as Representation[][]
      return {
        data: {
          e0: lists[0]!.map(({ upc, weight }) => ({ left: `${upc} kg`, shipping: weight })),
          e1: lists[1]!.map(() => ({ box: { size: 3 } })),
        },
        errors: [{ message: 'no', code: 'X', path: ['e1', 0, 'box', 'size'] }],
      }
    }
    const { data, errors, sent } = await run(
      'query ($r: String) { products { left(unit: $r) shipping } first { box { size } } }',
      { shop: catalogue, stock },
      { r: 'kg' },
    )
    expect(sent.map(({ subgraph }) => subgraph)).toEqual(['shop', 'stock'])
    expect(data).toMatchObject({
      products: [
        { left: 'a kg', shipping: 1 },
        { left: 'b kg', shipping: 2 },
      ],
      first: { box: { size: 3 } },
    })
    expect(errors).toEqual(['INTERNAL_SERVER_ERROR first.box.size'])
  })

  it('without those that nobody is found for', async () => {
    const { data, sent } = await run('{ products { left } first { box { size } } }', {
      shop: () => ({ data: { products: [], first: product('a') } }),
      stock: entities(() => ({ box: { size: 1 } })),
    })
    expect(sent[1]?.variables).toEqual({ representations: [product('a')] })
    expect(data).toMatchObject({ products: [], first: { box: { size: 1 } } })
  })

  it('and fails as a whole, at every place of each', async () => {
    const { errors } = await run('{ products { left } first { box { size } } }', {
      shop: catalogue,
      stock: () => Promise.reject(new SubgraphFailure('SUBGRAPH_TIMEOUT', 'stock', 'late')),
    })
    expect(errors).toEqual([
      'SUBGRAPH_TIMEOUT products.0.left',
      'SUBGRAPH_TIMEOUT products.1.left',
      'SUBGRAPH_TIMEOUT first.box',
    ])
  })

  it('gives each place its own objects where the plan goes on differently from there', async () => {
    const lids = entities(({ id }) => ({ colour: `${id}-red` }))
    const { data } = await run('{ products { box { lid { colour } } } first { box { lid { id } } } }', {
      shop: catalogue,
      stock: (request) => {
        const lists = Object.values(request.variables) as Representation[][]
        const box = ({ upc }: Representation) => ({ box: { lid: { __typename: 'Lid', id: upc } } })
        return {
          data:
            lists.length === 1 ? { _entities: lists[0]!.map(box) } : { e0: lists[0]!.map(box), e1: lists[1]!.map(box) },
        }
      },
      lids,
    })
    expect(data).toMatchObject({
      products: [{ box: { lid: { colour: 'a-red' } } }, {}],
      first: { box: { lid: { id: 'a' } } },
    })
    expect((data as { first: { box: { lid: object } } }).first.box.lid).not.toHaveProperty('colour')
  })
})

describe('a subgraph that answers wrongly leaves an error at the place', () => {
  const products = { data: { products: [product('a'), product('b')] } }
  const both = (code: string) => [`${code} products.0.left`, `${code} products.1.left`]

  it.each<[string, Answering, string[]]>([
    ['too few entities', () => ({ data: { _entities: [{ left: 1 }] } }), both('SUBGRAPH_INVALID_RESPONSE')],
    [
      'too many entities',
      () => ({ data: { _entities: [{ left: 1 }, { left: 2 }, { left: 3 }] } }),
      both('SUBGRAPH_INVALID_RESPONSE'),
    ],
    ['no entities', () => ({ data: {} }), both('SUBGRAPH_INVALID_RESPONSE')],
    ['an object for entities', () => ({ data: { _entities: { left: 1 } } }), both('SUBGRAPH_INVALID_RESPONSE')],
    [
      'a scalar and a list for entities',
      () => ({ data: { _entities: [3, [{ left: 1 }]] } }),
      ['SUBGRAPH_INVALID_RESPONSE products.0', 'SUBGRAPH_INVALID_RESPONSE products.1'],
    ],
    [
      'an error without a path, and nothing else',
      () => ({ data: null, errors: [{ message: 'no', code: undefined, path: undefined }] }),
      both('INTERNAL_SERVER_ERROR'),
    ],
    [
      'an error of an entity that was not asked for',
      () => ({
        data: { _entities: [{ left: 1 }, { left: 2 }] },
        errors: [{ message: 'no', code: 'X', path: ['_entities', 7, 'left'] }],
      }),
      ['INTERNAL_SERVER_ERROR products'],
    ],
    [
      'a path of other things',
      () => ({
        data: { _entities: [null, { left: 2 }] },
        errors: [{ message: 'no', code: 'X', path: ['_entities', 0, { left: 1 } as never] }],
      }),
      ['INTERNAL_SERVER_ERROR products.0'],
    ],
    [
      'nothing, as it is away',
      () => Promise.reject(new SubgraphFailure('SUBGRAPH_TIMEOUT', 'stock', 'late')),
      both('SUBGRAPH_TIMEOUT'),
    ],
    ['something that breaks us', () => Promise.reject(new TypeError('x')), both('INTERNAL_SERVER_ERROR')],
  ])('%s', async (_, stock, expected) => {
    const { data, errors } = await run('{ products { left } }', { shop: () => products, stock })
    expect(errors).toEqual(expected)
    expect(data).toMatchObject({ products: [{ upc: 'a' }, { upc: 'b' }] })
  })

  it('a subgraph that the gateway has no address of', async () => {
    const addressless = executor({ loaded: supergraph, views, clients: new Map([clientOf('shop')]) })
    const { errors } = await run('{ products { left } }', { shop: () => products }, {}, addressless)
    expect(errors).toEqual(both('SUBGRAPH_UNAVAILABLE'))
  })

  it('errors by the thousand', async () => {
    const { errors } = await run('{ products { left } }', {
      shop: () => ({ data: { products: Array.from({ length: 5_000 }, (_, n) => product(`${n}`)) } }),
      stock: () => Promise.reject(new SubgraphFailure('SUBGRAPH_UNAVAILABLE', 'stock', 'away')),
    })
    expect(errors).toHaveLength(20)
  })

  it('anything at all: no run fails, and every error is of the catalogue', async () => {
    const names = fc.constantFrom(
      ...['products', 'grid', 'any', 'upc', 'weight', 'left', 'box', 'lid', 'id', '_entities', '__typename'],
      ...['__proto__', 'constructor', 'toString'],
    )
    const { value } = fc.letrec((tie) => ({
      leaf: fc.oneof(fc.constantFrom('Product', 'Book', 'Lid', 'a', ''), fc.integer(), fc.constant(null), fc.boolean()),
      object: fc.array(fc.tuple(names, tie('value')), { maxLength: 5 }).map((fields) => {
        const text = fields.map(([name, below]) => `${JSON.stringify(name)}:${JSON.stringify(below)}`).join(',')
        return JSON.parse(`{${text}}`)
      }),
      list: fc.array(tie('value'), { maxLength: 3 }),
      entities: fc.array(tie('object'), { maxLength: 3 }).map((all) => ({ _entities: all })),
      products: fc.array(
        fc.record({ __typename: fc.constantFrom('Product', 'Book'), upc: tie('leaf'), box: tie('value') }),
        { maxLength: 3 },
      ),
      rooted: fc.record({ products: tie('products'), grid: fc.array(tie('products'), { maxLength: 2 }) }),
      value: fc.oneof({ depthSize: 'small' }, tie('leaf'), tie('object'), tie('list'), tie('entities'), tie('rooted')),
    }))
    const path = fc.array(fc.oneof(names, fc.nat(3), fc.constant({} as never)), { maxLength: 4 })
    const error = fc.record({ message: fc.string(), code: fc.string(), path: fc.option(path, { nil: undefined }) })
    const answers = fc.array(fc.record({ data: value, errors: fc.array(error, { maxLength: 2 }) }), { minLength: 8 })
    await fc.assert(
      fc.asyncProperty(answers, async (given) => {
        let next = 0
        const any: Answering = () => {
          const one = given[next++ % given.length]!
          return { ...one, data: typeof one.data === 'object' ? one.data : null } as SubgraphAnswer
        }
        const { errors } = await run(
          '{ products { shipping box { lid { colour } } } grid { left } any { ... on Book { copies } } }',
          {
            shop: any,
            stock: any,
            lids: any,
          },
        )
        for (const one of errors) expect(isErrorCode(one.split(' ')[0])).toBe(true)
        expect(({} as Record<string, unknown>).upc).toBeUndefined()
      }),
      { numRuns: 100 },
    )
  })
})
