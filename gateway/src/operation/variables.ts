/**
 * The variables of a request, coerced as graphql-js does it. Most operations have scalars and enums only and are given a
 * value for each: their types are looked up once for an operation. Whatever else comes is left to graphql-js, which also
 * words every mistake.
 */
import {
  type GraphQLLeafType,
  type GraphQLSchema,
  getVariableValues,
  isLeafType,
  Kind,
  type OperationDefinitionNode,
  type TypeNode,
} from 'graphql'

type Values = Readonly<Record<string, unknown>>
type Coerced = ReturnType<typeof getVariableValues>

const maxErrors = 20

/** Makes what coerces the variables of one operation, against the schema that it was validated against. */
export function variablesOf(
  schema: GraphQLSchema,
  { variableDefinitions = [] }: OperationDefinitionNode,
): (inputs: Values) => Coerced {
  const inAnyCase = (inputs: Values) => getVariableValues(schema, variableDefinitions, inputs, { maxErrors })
  const leaves: (readonly [name: string, type: GraphQLLeafType])[] = []
  for (const { variable, type } of variableDefinitions) {
    const leaf = leafOf(schema, type)
    if (!leaf) return inAnyCase
    leaves.push([variable.name.value, leaf])
  }

  return (inputs) => {
    const coerced: Record<string, unknown> = {}
    for (const [name, type] of leaves) {
      const value = Object.hasOwn(inputs, name) ? inputs[name] : undefined
      const parsed = value === undefined || value === null ? undefined : parsedAs(type, value)
      // Left out, null or wrong: what that means hangs on defaults and on what may be null.
      if (parsed === undefined) return inAnyCase(inputs)
      coerced[name] = parsed
    }
    return { coerced }
  }
}

function leafOf(schema: GraphQLSchema, type: TypeNode): GraphQLLeafType | undefined {
  const inner = type.kind === Kind.NON_NULL_TYPE ? type.type : type
  const named = inner.kind === Kind.NAMED_TYPE ? schema.getType(inner.name.value) : undefined
  return isLeafType(named) ? named : undefined
}

function parsedAs(type: GraphQLLeafType, value: unknown): unknown {
  try {
    return type.parseValue(value)
  } catch {
    return undefined
  }
}
