/** Where in an operation somebody's rights matter. Found once for a document; who asks is looked at later. */
import {
  type FieldNode,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  Kind,
  type SelectionSetNode,
} from 'graphql'
import type { Operation } from '../operation/operation.ts'
import { givenTypes } from './given-types.ts'
import { met } from './requirement.ts'
import type { Rights } from './rights.ts'
import type { AccessRules } from './rules.ts'

/** A selected field that not everybody may read, or not with every argument. */
export interface Site {
  readonly node: FieldNode
  readonly coordinate: string
  isDenied(rights: Rights, variables: Operation['variables']): boolean
}

/** A `__typename` that may turn out to be the name of a type that not everybody may see: a union's. */
export interface OpenTypename {
  readonly node: FieldNode
  readonly types: readonly string[]
}

export interface Sites {
  readonly fields: readonly Site[]
  readonly typenames: readonly OpenTypename[]
}

export function sitesOf(operation: Operation, schema: GraphQLSchema, rules: AccessRules): Sites {
  const fields: Site[] = []
  const typenames: OpenTypename[] = []
  const given = givenTypes(rules)

  eachField(operation, schema, (node, parent, field) => {
    const coordinate = `${parent.name}.${node.name.value}`
    const needs = rules.ofField(parent.name, node.name.value)
    const typesGiven = field && given(field)
    if (needs.length > 0 || typesGiven) {
      fields.push({
        node,
        coordinate,
        isDenied: (rights, variables) =>
          !met(needs, rights) || (typesGiven?.(node, variables) ?? []).some((type) => !met(rules.ofType(type), rights)),
      })
    }
    if (node.name.value === '__typename' && isAbstractType(parent)) {
      const types = schema.getPossibleTypes(parent).map(({ name }) => name)
      if (types.some((type) => rules.ofType(type).length > 0)) typenames.push({ node, types })
    }
  })
  return { fields, typenames }
}

type FieldVisitor = (
  node: FieldNode,
  parent: GraphQLCompositeType,
  field: GraphQLField<unknown, unknown> | undefined,
) => void

/** Each field of the operation and its fragments once, with the type that it is selected on. */
function eachField({ definition, fragments }: Operation, schema: GraphQLSchema, visit: FieldVisitor): void {
  const enter = (selectionSet: SelectionSetNode, parent: GraphQLCompositeType | undefined): void => {
    if (!parent) return
    for (const node of selectionSet.selections) {
      if (node.kind === Kind.INLINE_FRAGMENT) {
        const { typeCondition } = node
        enter(node.selectionSet, typeCondition ? composite(schema, typeCondition.name.value) : parent)
      } else if (node.kind === Kind.FIELD) {
        const field = hasFields(parent) ? parent.getFields()[node.name.value] : undefined
        visit(node, parent, field)
        if (node.selectionSet) enter(node.selectionSet, field && composite(schema, getNamedType(field.type).name))
      }
    }
  }
  enter(definition.selectionSet, schema.getRootType(definition.operation) ?? undefined)
  for (const { typeCondition, selectionSet } of Object.values(fragments))
    enter(selectionSet, composite(schema, typeCondition.name.value))
}

const hasFields = (type: GraphQLCompositeType) => isObjectType(type) || isInterfaceType(type)

function composite(schema: GraphQLSchema, name: string): GraphQLCompositeType | undefined {
  const type = schema.getType(name)
  return isCompositeType(type) ? type : undefined
}
