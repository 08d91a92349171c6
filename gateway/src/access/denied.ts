import {
  type FieldNode,
  type GraphQLCompositeType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isCompositeType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  type SelectionSetNode,
} from 'graphql'
import { restorePath } from '../operation/aliases.ts'
import { included } from '../operation/included.ts'
import type { Operation } from '../operation/operation.ts'

/** A selection that this caller may not have. */
export interface Denied {
  /** Where it would stand in the answer, in the client's names; `@` stands for each position of a list. */
  readonly path: readonly string[]
  /** `Type.field`. */
  readonly coordinate: string
}

/** Places that one answer names at the most: fragments in fragments can make more of them than anyone would read. */
const maxDenied = 200

/** The places of an answer at which taken fields would have stood, each once. */
export function deniedPlaces(
  { definition, fragments, variables }: Operation,
  schema: GraphQLSchema,
  taken: ReadonlyMap<FieldNode, string>,
  touches: (selectionSet: SelectionSetNode) => boolean,
): readonly Denied[] {
  const denied = new Map<string, Denied>()
  const seen = new Set<string>()
  const numbers = new Map<SelectionSetNode, number>()

  /** Whether a selection was already looked through at a place. */
  const isNew = (selectionSet: SelectionSetNode, path: readonly string[]) => {
    const number = numbers.get(selectionSet) ?? numbers.size
    numbers.set(selectionSet, number)
    const key = `${number} ${path.join('.')}`
    return !seen.has(key) && seen.add(key) !== undefined
  }

  const enter = (selectionSet: SelectionSetNode, parent: GraphQLCompositeType | undefined, path: readonly string[]) => {
    if (!parent || !touches(selectionSet) || !isNew(selectionSet, path)) return
    for (const node of selectionSet.selections) {
      if (denied.size >= maxDenied) return
      if (!included(node, variables)) continue
      if (node.kind !== Kind.FIELD) {
        const selected = node.kind === Kind.INLINE_FRAGMENT ? node : fragments[node.name.value]
        const condition = selected?.typeCondition
        if (selected) enter(selected.selectionSet, condition ? composite(schema, condition.name.value) : parent, path)
        continue
      }
      const place = [...path, node.alias?.value ?? node.name.value]
      const coordinate = taken.get(node)
      if (coordinate !== undefined) {
        denied.set(place.join('.'), { path: restorePath(place) as readonly string[], coordinate })
      } else if (node.selectionSet) {
        const field = isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[node.name.value] : undefined
        if (field)
          enter(node.selectionSet, composite(schema, getNamedType(field.type).name), [
            ...place,
            ...positions(field.type),
          ])
      }
    }
  }
  enter(definition.selectionSet, schema.getRootType(definition.operation) ?? undefined, [])
  return [...denied.values()]
}

function positions(type: GraphQLOutputType): readonly string[] {
  if (isNonNullType(type)) return positions(type.ofType)
  return isListType(type) ? ['@', ...positions(type.ofType)] : []
}

function composite(schema: GraphQLSchema, name: string): GraphQLCompositeType | undefined {
  const type = schema.getType(name)
  return isCompositeType(type) ? type : undefined
}
