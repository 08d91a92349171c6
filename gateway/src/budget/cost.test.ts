import { composeServices } from '@apollo/composition'
import { Supergraph } from '@apollo/federation-internals'
import fc from 'fast-check'
import { type GraphQLError, getVariableValues, Kind, parse } from 'graphql'
import { describe, expect, it } from 'vitest'
import { partialError } from '../errors/catalogue.ts'
import { costOf } from './cost.ts'
import { costModel } from './cost-model.ts'

const sdl = `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@cost", "@listSize"])
  type Query {
    one: Thing
    any: Any
    plain: [Thing!]!
    assumed: [Thing!]! @listSize(assumedSize: 7)
    sliced(first: Int, last: Int): [Thing!]! @listSize(assumedSize: 50, slicingArguments: ["first", "last"], requireOneSlicingArgument: false)
    strict(first: Int, last: Int): [Thing!]! @listSize(slicingArguments: ["first", "last"])
    page(first: Int = 100): Page! @listSize(slicingArguments: ["first"], sizedFields: ["edges", "nodes"], requireOneSlicingArgument: false)
    dear: Int @cost(weight: 30)
    found(by: By, word: String @cost(weight: 4)): Int
    kind: Kind
  }
  type Mutation { change: Thing }
  type Page { edges: [Edge!]! nodes: [Thing!]! total: Int! others: [Thing!]! }
  type Edge { node: Thing! }
  interface Any { id: ID }
  type Thing implements Any { id: ID name: String risk: Risk @cost(weight: 20) things: [Thing!]! @listSize(assumedSize: 3) }
  type Heavy implements Any @cost(weight: 9) { id: ID load: [Thing!]! }
  type Risk { value: Float }
  enum Kind @cost(weight: 2) { A B }
  input By { name: String @cost(weight: 5) more: [By!] }
`

const { supergraphSdl, errors: mistakes } = composeServices([
  { name: 'only', url: 'http://127.0.0.1:1', typeDefs: parse(sdl) },
])
if (!supergraphSdl) throw new Error(String(mistakes))
const supergraph = Supergraph.build(supergraphSdl)
const model = costModel(supergraph, supergraph.schema.toGraphQLJSSchema())

function costed(text: string, inputs: Record<string, unknown> = {}) {
  const { definitions } = parse(text)
  const definition = definitions.find((node) => node.kind === Kind.OPERATION_DEFINITION)!
  const { coerced } = getVariableValues(model.schema, definition.variableDefinitions ?? [], inputs)
  const fragments = Object.fromEntries(
    definitions.flatMap((node) => (node.kind === Kind.FRAGMENT_DEFINITION ? [[node.name.value, node]] : [])),
  )
  return costOf(model, { definition, fragments, variables: coerced! })
}

describe('the estimated cost of an operation', () => {
  it.each<[string, string, number, Record<string, unknown>?]>([
    ['a leaf is free', '{ one { id } }', 1],
    ['an object costs 1, and a field its own weight in the place of its type’s', '{ one { risk { value } } }', 1 + 20],
    ['a leaf with a weight', '{ dear }', 30],
    ['a type’s weight, of an enum', '{ kind }', 2],
    ['a list of which nothing is said has 10 items', '{ plain { id } }', 10],
    ['a list has its assumed size', '{ assumed { risk { value } } }', 7 * (1 + 20)],
    ['a list has the size that is asked for', '{ sliced(first: 3) { id } }', 3],
    ['of two sizes the larger', '{ sliced(first: 3, last: 5) { id } }', 5],
    ['of no size the assumed one', '{ sliced { id } }', 50],
    ['of null the assumed one', '{ sliced(first: null) { id } }', 50],
    ['a negative size is none', '{ sliced(first: -5) { risk { value } } }', 0],
    ['a size from a variable', 'query ($n: Int) { sliced(first: $n) { id } }', 4, { n: 4 }],
    ['a size from a variable’s default', 'query ($n: Int = 6) { sliced(first: $n) { id } }', 6],
    ['the fields of a connection have its size', '{ page(first: 5) { nodes { id } total } }', 1 + 5],
    ['both of them', '{ page(first: 5) { nodes { id } edges { node { id } } } }', 1 + 5 + 5 * 2],
    ['a connection’s default size', '{ page { nodes { id } } }', 1 + 100],
    ['but not its other lists', '{ page(first: 5) { others { id } } }', 1 + 10],
    ['lists within lists multiply', '{ assumed { things { things { id } } } }', 7 * (1 + 3 * (1 + 3))],
    ['a mutation costs 10', 'mutation { change { id } }', 10 + 1],
    ['an argument’s weight', '{ found(word: "a") }', 4],
    ['an argument that is not given is free', '{ found }', 0],
    [
      'an input object costs 1, its fields their weight',
      '{ found(by: { name: "a", more: [{ name: "b" }, {}] }) }',
      1 + 5 + (1 + 5) + 1,
    ],
    ['an input object in a variable', 'query ($by: By) { found(by: $by) }', 6, { by: { name: 'a' } }],
    ['a field asked for twice is executed once', '{ one { id } one { risk { value } } }', 1 + 20],
    [
      'through fragments too',
      '{ one { ...A ...B } } fragment A on Thing { risk { value } } fragment B on Thing { risk { value } }',
      1 + 20,
    ],
    ['an alias is a field of its own', '{ a: one { id } b: one { id } }', 2],
    [
      'what is left out is free',
      'query ($no: Boolean!) { dear @include(if: $no) kind @skip(if: true) }',
      0,
      { no: false },
    ],
    [
      'of an abstract type the dearest object',
      '{ any { id ... on Heavy { load { id } } ... on Thing { risk { value } } } }',
      1 + 20,
    ],
    ['its fragments do not add up', '{ any { ... on Thing { things { id } } ... on Heavy { load { id } } } }', 1 + 10],
    ['__typename is free', '{ __typename one { __typename } }', 1],
    ['introspection has a price', '{ __schema { types { name } } __type(name: "A") { name } }', 60],
  ])('%s', (_, text, expected, variables) => {
    expect(costed(text, variables).estimate).toBe(expected)
  })

  it('needs one of the slicing arguments where the list says so', () => {
    expect(costed('{ strict(first: 3) { id } }').estimate).toBe(3)
    for (const [args, got] of [
      ['', 'none'],
      ['(first: 1, last: 2)', 'first, last'],
    ])
      expect(() => costed(`{ strict${args} { id } }`)).toThrow(
        `Query.strict: expected one of the arguments first, last; got ${got}`,
      )
  })
})

describe('the actual cost', () => {
  const thing = { id: '1' }

  it('counts the items that came', () => {
    const { estimate, actual } = costed('{ page { nodes { id risk { value } } } }')
    expect(estimate).toBe(1 + 100 * 21)
    expect(actual({ page: { nodes: [{ risk: { value: 1 } }, { risk: null }] } }, [])).toBe(1 + 2 * 21)
    expect(actual({ page: { nodes: [] } }, [])).toBe(1)
  })

  it('may be above the estimate where a list was longer than its team said', () => {
    const { estimate, actual } = costed('{ assumed { id } }')
    expect(actual({ assumed: Array(9).fill(thing) }, [])).toBe(estimate + 2)
  })

  it('of nothing is the asking', () => {
    expect(costed('{ one { risk { value } things { id } } }').actual({ one: null }, [])).toBe(1)
    expect(costed('{ any { ... on Heavy { load { id } } } }').actual({ any: { load: [thing] } }, [])).toBe(1 + 1)
  })

  it('is the estimate where an error left nothing: the work may have been done', () => {
    const { estimate, actual } = costed('{ a: one { id } assumed { risk { value } } }')
    const failed = (...path: (string | number)[]): GraphQLError =>
      partialError('INTERNAL_SERVER_ERROR', undefined, { path })
    expect(actual(null, [failed('assumed', 3, 'risk')])).toBe(estimate)
    expect(actual(null, [partialError('INTERNAL_SERVER_ERROR')])).toBe(estimate)
    expect(actual({ a: thing, assumed: null }, [failed('assumed', 3)])).toBe(estimate)
    expect(actual({ a: thing, assumed: [{ risk: null }, { risk: null }] }, [failed('assumed', 1, 'risk')])).toBe(
      1 + 2 * 21,
    )
  })

  it('of any answer that keeps to the sizes asked for is at most the estimate', () => {
    const asked = '{ page(first: 4) { nodes { risk { value } things { id } } edges { node { id risk { value } } } } }'
    const { estimate, actual } = costed(asked)
    const risk = fc.option(fc.record({ value: fc.double() }))
    const things = fc.array(fc.record({ id: fc.string() }), { maxLength: 3 })
    const page = fc.record({
      nodes: fc.array(fc.record({ risk, things }), { maxLength: 4 }),
      edges: fc.array(fc.record({ node: fc.record({ id: fc.string(), risk }) }), { maxLength: 4 }),
    })
    fc.assert(fc.property(page, (page) => actual({ page }, []) <= estimate))
  })
})
