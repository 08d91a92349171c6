import fc from 'fast-check'
import { buildSchema, getVariableValues, Kind, type OperationDefinitionNode, parse } from 'graphql'
import { describe, expect, it } from 'vitest'
import { variablesOf } from './variables.ts'

const schema = buildSchema(/* GraphQL */ `
  type Query { name: String }
  enum Colour { RED GREEN }
  input In { int: Int, ids: [ID!], colour: Colour = RED }
  scalar Any
`)
const types = ['Int', 'Float', 'String', 'Boolean', 'ID', 'Colour', 'Any', 'In', '[Int]', '[[ID!]!]', 'Missing']

const definitions = fc.uniqueArray(
  fc.record({
    name: fc.constantFrom('a', 'b', 'c', 'constructor'),
    type: fc.constantFrom(...types, ...types.map((type) => `${type}!`)),
    byDefault: fc.constantFrom('', ' = null', ' = 1', ' = "x"', ' = RED'),
  }),
  { selector: ({ name }) => name, minLength: 1 },
)
const inputs = fc.dictionary(
  fc.constantFrom('a', 'b', 'c', 'constructor', 'other'),
  fc.oneof(
    fc.constantFrom<unknown>(null, undefined, 1, 1.5, 2 ** 40, '', 'x', '7', 'RED', true, {}, [], [1], [['x']]),
    fc.record({ int: fc.constantFrom(1, 'x'), ids: fc.constantFrom(['x'], 7) }),
  ),
)

/** What came out, or the words of each mistake. */
const told = ({ coerced, errors }: ReturnType<typeof getVariableValues>) =>
  errors ? errors.map(({ message }) => message) : coerced

describe('the variables of a request', () => {
  it('are what graphql-js makes of them, and so is every mistake', () => {
    fc.assert(
      fc.property(definitions, inputs, (defined, given) => {
        const asked = defined.map(({ name, type, byDefault }) => `$${name}: ${type}${byDefault}`)
        const definition = parse(`query (${asked.join(', ')}) { name }`).definitions.find(
          (node): node is OperationDefinitionNode => node.kind === Kind.OPERATION_DEFINITION,
        )!
        const expected = getVariableValues(schema, definition.variableDefinitions ?? [], given, { maxErrors: 20 })
        expect(told(variablesOf(schema, definition)(given))).toEqual(told(expected))
      }),
      { numRuns: 2_000 },
    )
  })
})
