/**
 * Puts the nulls into an answer at the places that were taken out of its operation before it was planned. It walks the
 * operation as the client asked it, over data that was fetched for what was left: what stands in a forbidden place's
 * stead in that data (a key, the input of another field) has no way into the answer.
 *
 * A null where none may be goes up to the next place that may be null, as the specification says of any other.
 */
import {
  type FieldNode,
  type GraphQLCompositeType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  SchemaMetaFieldDef,
  type SelectionSetNode,
  TypeMetaFieldDef,
  TypeNameMetaFieldDef,
} from 'graphql'
import type { Denied, PermittedOperation, Taken } from '../access/permit.ts'
import { typeKey } from '../access/take-out.ts'
import { restorePath } from '../operation/aliases.ts'
import { included } from '../operation/included.ts'

type Data = Readonly<Record<string, unknown>>

export interface Concealed {
  readonly data: Data | null
  /** What could only be decided on the data: the names of types that this caller may not see. */
  readonly denied: readonly Denied[]
}

export function conceal({ asked }: PermittedOperation, taken: Taken, data: Data | null): Concealed {
  const { schema, touches } = taken
  const { definition, fragments, variables } = asked
  const denied = new Map<string, Denied>()

  const deny = (path: readonly string[], coordinate: string): null => {
    const place = restorePath(path) as readonly string[]
    denied.set(place.join('.'), { path: place, coordinate })
    return null
  }

  const applies = (condition: string, type: GraphQLCompositeType) => {
    if (condition === type.name) return true
    const abstract = schema.getType(condition)
    return isObjectType(type) && isAbstractType(abstract) && schema.isSubType(abstract, type)
  }

  /** The fields by the names that they have in the answer, in the order that the specification gives them. */
  const collect = (
    selectionSets: readonly SelectionSetNode[],
    type: GraphQLCompositeType,
    fields: Map<string, FieldNode[]> = new Map(),
    visited: Set<string> = new Set(),
  ) => {
    for (const { selections } of selectionSets) {
      for (const node of selections) {
        if (!included(node, variables)) continue
        if (node.kind === Kind.FIELD) {
          const name = node.alias?.value ?? node.name.value
          fields.set(name, [...(fields.get(name) ?? []), node])
          continue
        }
        if (node.kind === Kind.FRAGMENT_SPREAD) {
          if (visited.has(node.name.value)) continue
          visited.add(node.name.value)
        }
        const selected = node.kind === Kind.INLINE_FRAGMENT ? node : fragments[node.name.value]
        const condition = selected?.typeCondition?.name.value
        if (selected && (!condition || applies(condition, type)))
          collect([selected.selectionSet], type, fields, visited)
      }
    }
    return fields
  }

  const ofObject = (
    selectionSets: readonly SelectionSetNode[],
    type: GraphQLCompositeType,
    object: Data,
    path: readonly string[],
  ): Data | null => {
    // A null prototype: a client may choose `__proto__` as a name.
    const answer: Record<string, unknown> = Object.create(null)
    for (const [name, selected] of collect(selectionSets, type)) {
      const fieldName = selected[0]!.name.value
      // An interface's field may be forbidden where the object's own, selected beside it, is not.
      const nodes = selected.filter((node) => !taken.fields.has(node))
      if (nodes.length === 0) {
        if (isNonNullType(typeOf(type, fieldName))) return null
        answer[name] = null
      } else if (isObjectType(type) && !taken.mayRead(type.name, fieldName)) {
        deny([...path, name], `${type.name}.${fieldName}`)
        if (isNonNullType(typeOf(type, fieldName))) return null
        answer[name] = null
      } else {
        const value = object[name] ?? null
        const below = nodes.flatMap(({ selectionSet }) => (selectionSet && touches(selectionSet) ? [selectionSet] : []))
        const returned = typeOf(type, fieldName)
        const all = nodes.flatMap(({ selectionSet }) => selectionSet ?? [])
        const completed = below.length > 0 && returned ? complete(all, returned, value, [...path, name]) : value
        if (completed === null && value !== null && isNonNullType(returned)) return null
        answer[name] = completed
      }
    }
    return answer
  }

  const complete = (
    selectionSets: readonly SelectionSetNode[],
    type: GraphQLOutputType,
    value: unknown,
    path: readonly string[],
  ): unknown => {
    if (value === null) return null
    if (isNonNullType(type)) return complete(selectionSets, type.ofType, value, path)
    if (isListType(type)) {
      const items = (value as readonly unknown[]).map((item) =>
        complete(selectionSets, type.ofType, item, [...path, '@']),
      )
      return isNonNullType(type.ofType) && items.includes(null) ? null : items
    }
    const named = getNamedType(type)
    return isCompositeType(named)
      ? ofObject(selectionSets, runtimeType(named, value as Data), value as Data, path)
      : value
  }

  const runtimeType = (type: GraphQLCompositeType, object: Data): GraphQLCompositeType => {
    const name = object[typeKey]
    const known = typeof name === 'string' ? schema.getType(name) : undefined
    return isObjectType(known) ? known : type
  }

  const root = schema.getRootType(definition.operation) as GraphQLObjectType
  return { data: data && ofObject([definition.selectionSet], root, data, []), denied: [...denied.values()] }
}

const metaFields: Readonly<Record<string, GraphQLOutputType>> = {
  __typename: TypeNameMetaFieldDef.type,
  __schema: SchemaMetaFieldDef.type,
  __type: TypeMetaFieldDef.type,
}

const typeOf = (type: GraphQLCompositeType, field: string): GraphQLOutputType | undefined =>
  Object.hasOwn(metaFields, field)
    ? metaFields[field]
    : isObjectType(type) || isInterfaceType(type)
      ? type.getFields()[field]?.type
      : undefined
