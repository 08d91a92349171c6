import { GraphQLError, GraphQLScalarType, Kind } from 'graphql'

/** The rule of a scalar that is a string on the wire. */
export interface StringScalarRule {
  readonly name: string
  readonly description: string
  /** The canonical form of a value, or an Error that says what was expected. Also applied to values that we serve. */
  readonly parse: (text: string) => string
  /** What a resolver may return besides a string. */
  readonly fromInternal?: (value: unknown) => string | undefined
}

const expected = (name: string, came: unknown, why: string) =>
  new GraphQLError(`${name} expects ${why}; got ${JSON.stringify(came)?.slice(0, 80)}`)

/** A scalar whose JSON form is a string: parsed once at the door, canonical inside, checked again on the way out. */
export function stringScalar(rule: StringScalarRule): GraphQLScalarType<string, string> {
  const parse = (value: unknown): string => {
    if (typeof value !== 'string') throw expected(rule.name, value, 'a string')
    try {
      return rule.parse(value)
    } catch (error) {
      throw expected(rule.name, value, (error as Error).message)
    }
  }
  return new GraphQLScalarType<string, string>({
    name: rule.name,
    description: rule.description,
    serialize(value) {
      try {
        return parse(rule.fromInternal?.(value) ?? value)
      } catch (error) {
        // A GraphQLError would pass for the caller's mistake, and its text with the value would go out.
        throw new TypeError((error as Error).message)
      }
    },
    parseValue: parse,
    parseLiteral: (node) => {
      if (node.kind !== Kind.STRING) throw expected(rule.name, node.kind, 'a string literal')
      return parse(node.value)
    },
  })
}
