/** Generates questions that together select every field of the schema's queries. */
import {
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isLeafType,
  isObjectType,
  isRequiredArgument,
  parse,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql'

/** Arguments that a field needs, as GraphQL literals: one set for each question to ask of it. */
export type ArgumentSets = Readonly<Record<string, readonly string[]>>

export interface Question {
  /** The root field and its arguments, for messages. */
  readonly name: string
  readonly text: string
}

/** Of a root field with many sets of arguments, the first ones are asked for everything, the others for their own scalars. */
const askedForEverything = 2

/**
 * One question for each root field and set of arguments. Each goes into a type once, and takes the scalars of it wherever
 * it meets it again: linear in the schema. Throws where a field needs arguments and `argumentSets` has none: a new field must be thought of.
 */
export function everyQuestion(schema: GraphQLSchema, argumentSets: ArgumentSets): Question[] {
  const argumentsOf = (owner: string, field: GraphQLField<unknown, unknown>): readonly string[] => {
    const given = argumentSets[`${owner}.${field.name}`]
    if (given) return given
    if (field.args.some(isRequiredArgument)) {
      throw new Error(`${owner}.${field.name} needs arguments; name some in this test`)
    }
    return ['']
  }

  /** `expanded` are the types that the question goes into elsewhere. */
  const selectionOf = (type: GraphQLNamedType, expanded: Set<string>, deep = true): string => {
    if (!isObjectType(type)) throw new Error(`${type.name}: this test knows objects only`)
    expanded.add(type.name)
    const parts = Object.values(type.getFields()).flatMap((field) => {
      const target = getNamedType(field.type)
      const [first] = argumentsOf(type.name, field)
      if (isLeafType(target)) return [`${field.name}${first}`]
      if (!deep) return []
      return [`${field.name}${first}${selectionOf(target, expanded, !expanded.has(target.name))}`]
    })
    return ` { __typename ${parts.join(' ')} }`
  }

  const root = schema.getQueryType()!
  return Object.values(root.getFields()).flatMap((field) =>
    argumentsOf(root.name, field).map((given, index) => ({
      name: `${field.name}${given}`,
      text: `{ ${field.name}${given}${selectionOf(getNamedType(field.type), new Set(), index < askedForEverything)} }`,
    })),
  )
}

/** The fields that questions select, `Type.field`. */
export function selectedFields(schema: GraphQLSchema, questions: readonly Question[]): Set<string> {
  const fields = new Set<string>()
  const types = new TypeInfo(schema)
  const note = visitWithTypeInfo(types, {
    Field: (node) => {
      fields.add(`${types.getParentType()?.name}.${node.name.value}`)
    },
  })
  for (const { text } of questions) visit(parse(text), note)
  return fields
}

/** Every field that a query can reach, `Type.field`. */
export function queryFields(schema: GraphQLSchema): Set<string> {
  const seen = new Set<string>()
  const walk = (type: GraphQLNamedType) => {
    if (!isObjectType(type)) return
    for (const field of Object.values(type.getFields())) {
      const name = `${type.name}.${field.name}`
      if (seen.has(name)) continue
      seen.add(name)
      walk(getNamedType(field.type))
    }
  }
  walk(schema.getQueryType()!)
  return seen
}
