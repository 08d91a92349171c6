/** Generates questions that together select every field of the schema's queries. */
import {
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isLeafType,
  isObjectType,
  isRequiredArgument,
  isUnionType,
} from 'graphql'

/** Arguments that a field needs, as GraphQL literals: one set for each question to ask of it. */
export type ArgumentSets = Readonly<Record<string, readonly string[]>>

export interface Question {
  /** The root field and its arguments, for messages. */
  readonly name: string
  readonly text: string
}

/**
 * One question for each root field and set of arguments; each selects all that can be reached without meeting a type
 * twice on the way down. Throws where a field needs arguments and `argumentSets` has none: a new field must be thought of.
 */
export function everyQuestion(
  schema: GraphQLSchema,
  argumentSets: ArgumentSets,
): { questions: Question[]; covered: Set<string> } {
  const covered = new Set<string>()

  const argumentsOf = (owner: string, field: GraphQLField<unknown, unknown>): readonly string[] => {
    const given = argumentSets[`${owner}.${field.name}`]
    if (given) return given
    if (field.args.some(isRequiredArgument))
      throw new Error(`${owner}.${field.name} needs arguments; name some in this test`)
    return ['']
  }

  const selectionOf = (type: GraphQLNamedType, above: readonly string[]): string => {
    if (isUnionType(type)) {
      return ` { ${type
        .getTypes()
        .map((member) => `... on ${member.name}${selectionOf(member, above)}`)
        .join(' ')} }`
    }
    if (!isObjectType(type)) throw new Error(`${type.name}: this test knows objects and unions`)
    const parts = Object.values(type.getFields()).flatMap((field) => {
      const target = getNamedType(field.type)
      if (!isLeafType(target) && [...above, type.name].includes(target.name)) return []
      covered.add(`${type.name}.${field.name}`)
      const [first] = argumentsOf(type.name, field)
      return [`${field.name}${first}${isLeafType(target) ? '' : selectionOf(target, [...above, type.name])}`]
    })
    return ` { __typename ${parts.join(' ')} }`
  }

  const root = schema.getQueryType()!
  const questions = Object.values(root.getFields()).flatMap((field) => {
    covered.add(`${root.name}.${field.name}`)
    const selection = selectionOf(getNamedType(field.type), [root.name])
    return argumentsOf(root.name, field).map((given) => ({
      name: `${field.name}${given}`,
      text: `{ ${field.name}${given}${selection} }`,
    }))
  })
  return { questions, covered }
}

/** Every field that a query can reach, `Type.field`. */
export function queryFields(schema: GraphQLSchema): Set<string> {
  const seen = new Set<string>()
  const visit = (type: GraphQLNamedType) => {
    if (isUnionType(type)) type.getTypes().forEach(visit)
    if (!isObjectType(type)) return
    for (const field of Object.values(type.getFields())) {
      const name = `${type.name}.${field.name}`
      if (seen.has(name)) continue
      seen.add(name)
      visit(getNamedType(field.type))
    }
  }
  visit(schema.getQueryType()!)
  return seen
}
