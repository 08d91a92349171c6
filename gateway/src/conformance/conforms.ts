/** Whether data is an answer that the schema allows to an operation, whatever its values are. */
import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  GraphQLIncludeDirective,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  GraphQLSkipDirective,
  getDirectiveValues,
  getNamedType,
  getVariableValues,
  isAbstractType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  SchemaMetaFieldDef,
  type SelectionSetNode,
  TypeMetaFieldDef,
  TypeNameMetaFieldDef,
} from 'graphql'

/** What is not as the schema says, with its place; undefined: nothing. */
export function misfit(
  schema: GraphQLSchema,
  document: DocumentNode,
  given: Readonly<Record<string, unknown>>,
  data: unknown,
): string | undefined {
  const operation = document.definitions.find((node) => node.kind === Kind.OPERATION_DEFINITION)!
  const fragments = new Map<string, FragmentDefinitionNode>()
  for (const node of document.definitions)
    if (node.kind === Kind.FRAGMENT_DEFINITION) fragments.set(node.name.value, node)
  const variables = getVariableValues(schema, operation.variableDefinitions ?? [], given).coerced ?? {}

  const collect = (type: GraphQLObjectType, sets: readonly SelectionSetNode[]) => {
    const named = new Map<string, FieldNode[]>()
    const into = ({ selections }: SelectionSetNode): void => {
      for (const node of selections) {
        if (getDirectiveValues(GraphQLSkipDirective, node, variables)?.if === true) continue
        if (getDirectiveValues(GraphQLIncludeDirective, node, variables)?.if === false) continue
        if (node.kind === Kind.FIELD) {
          const name = (node.alias ?? node.name).value
          named.set(name, [...(named.get(name) ?? []), node])
          continue
        }
        const fragment = node.kind === Kind.INLINE_FRAGMENT ? node : fragments.get(node.name.value)!
        const condition = fragment.typeCondition && schema.getType(fragment.typeCondition.name.value)
        if (!condition || condition === type || (isAbstractType(condition) && schema.isSubType(condition, type)))
          into(fragment.selectionSet)
      }
    }
    sets.forEach(into)
    return named
  }
  const fieldType = (type: GraphQLObjectType, name: string): GraphQLOutputType => {
    const meta = [SchemaMetaFieldDef, TypeMetaFieldDef, TypeNameMetaFieldDef].find((field) => field.name === name)
    return (meta ?? type.getFields()[name]!).type
  }

  const object = (type: GraphQLObjectType, sets: readonly SelectionSetNode[], value: object, at: string) => {
    const expected = collect(type, sets)
    const names = Object.keys(value)
    if (names.join() !== [...expected.keys()].join()) return `${at}: expected ${[...expected.keys()]}; got ${names}`
    for (const [name, nodes] of expected) {
      const inner = Object.getOwnPropertyDescriptor(value, name)!.value
      const field = nodes[0]!.name.value
      if (field === '__typename' && inner !== type.name) return `${at}: expected __typename ${type.name}; got ${inner}`
      const sets = nodes.flatMap(({ selectionSet }) => selectionSet ?? [])
      const wrong = fits(fieldType(type, field), sets, inner, `${at}.${name}`)
      if (wrong) return wrong
    }
    return undefined
  }

  const fits = (
    type: GraphQLOutputType,
    sets: readonly SelectionSetNode[],
    value: unknown,
    at: string,
  ): string | undefined => {
    if (isNonNullType(type)) return value === null ? `${at}: null` : fits(type.ofType, sets, value, at)
    if (value === null) return undefined
    if (value === undefined) return `${at}: nothing`
    if (isListType(type)) {
      if (!Array.isArray(value)) return `${at}: no list`
      for (const [index, item] of value.entries()) {
        const wrong = fits(type.ofType, sets, item, `${at}.${index}`)
        if (wrong) return wrong
      }
      return undefined
    }
    const named = getNamedType(type)
    if (isLeafType(named)) {
      try {
        return JSON.stringify(named.serialize(value)) === JSON.stringify(value)
          ? undefined
          : `${at}: ${JSON.stringify(value)} is no ${named.name}`
      } catch {
        return `${at}: ${JSON.stringify(value)} is no ${named.name}`
      }
    }
    if (typeof value !== 'object' || Array.isArray(value)) return `${at}: no object`
    const possible = isObjectType(named) ? [named] : schema.getPossibleTypes(named)
    const misfits = possible.map((one) => object(one, sets, value, at))
    return misfits.includes(undefined) ? undefined : misfits.join(' or ')
  }

  if (data === null) return undefined
  return object(schema.getRootType(operation.operation)!, [operation.selectionSet], data as object, 'data')
}
