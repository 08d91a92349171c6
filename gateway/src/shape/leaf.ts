/**
 * The JSON text of a leaf's value, by the result coercion rules of the specification (section 3.5 and 3.9), of which one
 * is left out: a value of another kind is never made to fit, as a subgraph that sends one does not do what it promised.
 */
import { type GraphQLLeafType, isEnumType } from 'graphql'
import { jsonString } from './json-string.ts'

/** undefined: not a value of the type. */
export type LeafText = (value: unknown) => string | undefined

export function leafText(type: GraphQLLeafType): LeafText {
  if (isEnumType(type)) {
    // A value that is not in the view is none: the text of each was made here.
    const values = new Map<unknown, string>(type.getValues().map(({ name }) => [name, JSON.stringify(name)]))
    return (value) => values.get(value)
  }
  return builtIn[type.name] ?? anything
}

const [maxInt, minInt] = [2 ** 31 - 1, -(2 ** 31)]

const builtIn: Readonly<Record<string, LeafText>> = {
  Int: (value) =>
    typeof value === 'number' && Number.isInteger(value) && value <= maxInt && value >= minInt ? `${value}` : undefined,
  Float: (value) => (typeof value === 'number' && Number.isFinite(value) ? `${value}` : undefined),
  String: (value) => (typeof value === 'string' ? jsonString(value) : undefined),
  Boolean: (value) => (value === true ? 'true' : value === false ? 'false' : undefined),
  ID: (value) =>
    typeof value === 'string'
      ? jsonString(value)
      : typeof value === 'number' && Number.isInteger(value)
        ? `"${value}"`
        : undefined,
}

/** Only its own subgraph knows what a custom scalar may be. */
const anything: LeafText = (value) => {
  const text = JSON.stringify(value)
  return text === 'null' ? undefined : text
}
