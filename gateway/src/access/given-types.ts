/**
 * A filter tells about what it filters by: whoever may not read a scalar or an enum may not ask with a value of it
 * either. What is given counts, be it null: literally, by a variable, or by a default.
 */
import {
  type FieldNode,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputType,
  getArgumentValues,
  getNamedType,
  isInputObjectType,
  isListType,
  isNonNullType,
} from 'graphql'
import type { AccessRules } from './rules.ts'

type Variables = Readonly<Record<string, unknown>>
type Field = GraphQLField<unknown, unknown>

/** Of a field: what finds the restricted types whose values a selection gives it; undefined: none of its arguments has any. */
export function givenTypes(rules: AccessRules) {
  const isRestricted = (type: GraphQLInputType) => rules.ofType(getNamedType(type).name).length > 0

  const reaches = (type: GraphQLInputType, seen: Set<string> = new Set()): boolean => {
    const named = getNamedType(type)
    if (isRestricted(named)) return true
    if (!isInputObjectType(named) || seen.has(named.name)) return false
    seen.add(named.name)
    return Object.values(named.getFields()).some((field) => reaches(field.type, seen))
  }

  const inValue = (type: GraphQLInputType, value: unknown): readonly string[] => {
    if (value === undefined) return []
    if (isRestricted(type)) return [getNamedType(type).name]
    if (isNonNullType(type)) return inValue(type.ofType, value)
    if (value === null) return []
    if (isListType(type)) return [value].flat(1).flatMap((item) => inValue(type.ofType, item))
    if (!isInputObjectType(type)) return []
    return Object.values(type.getFields()).flatMap((field) =>
      inValue(field.type, (value as Record<string, unknown>)[field.name]),
    )
  }

  return (field: Field): ((node: FieldNode, variables: Variables) => readonly string[]) | undefined => {
    const restricted = field.args.filter(({ type }) => reaches(type))
    if (restricted.length === 0) return undefined
    return (node, variables) => {
      const values = getArgumentValues(field, node, variables)
      return restricted
        .filter((argument) => !isAbsent(argument, node, values))
        .flatMap(({ name, type }) => inValue(type, values[name]))
    }
  }
}

/** An optional argument that nobody gave, and whose default says the same. */
const isAbsent = ({ name, defaultValue }: GraphQLArgument, node: FieldNode, values: Record<string, unknown>) =>
  defaultValue === null && values[name] === null && !node.arguments?.some((argument) => argument.name.value === name)
