/**
 * What an answer held: the schema coordinates that had a value, and the resources whose data they were. The selection
 * is read once for each document; an answer is then walked without asking the schema again.
 */
import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql'
import { LRUCache } from 'lru-cache'
import { conditionsKey } from '../operation/conditions.ts'
import { included } from '../operation/included.ts'
import { isAuditName, KEY_NAME, type ResourceTypes, TYPE_NAME } from './resources.ts'

/** Gathers over one answer, or over the events of a stream. */
export interface FieldSet {
  /** `ShareClass.isin` */
  readonly coordinates: { add(coordinate: string): unknown }
  /** `SHARE_CLASS:tsp:c-fund` */
  readonly resources: { add(resource: string): unknown }
}

/** The operation as it was planned, with the keys of resources.ts. */
export interface Selected {
  /** The fingerprint of the view that it was understood in. */
  readonly view: string
  readonly definition: OperationDefinitionNode
  readonly fragments: Readonly<Record<string, FragmentDefinitionNode>>
  readonly variables: Readonly<Record<string, unknown>>
}

/** Adds to the set what stands in the merged data. */
export type GatherFieldSet = (operation: Selected, data: unknown, into: FieldSet) => void

interface ObjectSelection {
  /** Of an entity that grants open: what to put before its id, and the field that holds it. */
  readonly resource: { readonly prefix: string; readonly key: string } | undefined
  readonly fields: readonly SelectedField[]
}

interface SelectedField {
  /** In the merged data. */
  readonly name: string
  readonly coordinate: string
  /** Of a field that has fields. */
  readonly within: ((object: Record<string, unknown>) => ObjectSelection | undefined) | undefined
}

/** Of one document: as many as its conditions make. */
const rememberedSelections = 50

export function fieldSets(schemaOf: (view: string) => GraphQLSchema, resources: ResourceTypes): GatherFieldSet {
  const selections = new WeakMap<OperationDefinitionNode, LRUCache<string, ObjectSelection>>()

  const read = ({ view, definition, fragments, variables }: Selected): ObjectSelection => {
    const schema = schemaOf(view)
    const ofObject = (type: GraphQLObjectType, sets: readonly SelectionSetNode[]): ObjectSelection => {
      const fields = new Map<string, FieldNode[]>()
      for (const set of sets) collect(type, set, fields)
      const resource = resources.get(type.name)
      return {
        resource: resource && { prefix: `${resource.kind}:`, key: resource.key },
        fields: [...fields].flatMap(([name, nodes]) => {
          const field = type.getFields()[nodes[0]!.name.value]
          if (!field) return []
          return [{ name, coordinate: `${type.name}.${field.name}`, within: inside(field.type, nodes) }]
        }),
      }
    }

    const collect = (type: GraphQLObjectType, set: SelectionSetNode, into: Map<string, FieldNode[]>): void => {
      for (const node of set.selections) {
        // The data have more than was selected.
        if (!included(node, variables)) continue
        if (node.kind === Kind.FIELD) {
          const name = node.alias?.value ?? node.name.value
          if (isAuditName(name)) continue
          const same = into.get(name)
          if (same) same.push(node)
          else into.set(name, [node])
          continue
        }
        const fragment = node.kind === Kind.FRAGMENT_SPREAD ? fragments[node.name.value] : node
        const condition = fragment?.typeCondition && schema.getType(fragment.typeCondition.name.value)
        const fits =
          !condition || condition === type || (isAbstractType(condition) && schema.isSubType(condition, type))
        if (fragment && fits) collect(type, fragment.selectionSet, into)
      }
    }

    const inside = (output: GraphQLOutputType, nodes: readonly FieldNode[]): SelectedField['within'] => {
      const type = getNamedType(output)
      if (!isCompositeType(type)) return undefined
      const sets = nodes.flatMap(({ selectionSet }) => selectionSet ?? [])
      const known = new Map<string, ObjectSelection>()
      const ofType = (name: string) => {
        let selection = known.get(name)
        const object = selection ?? schema.getType(name)
        if (!selection && isObjectType(object)) {
          selection = ofObject(object, sets)
          known.set(name, selection)
        }
        return selection
      }
      return isObjectType(type) ? () => ofType(type.name) : (object) => ofType(String(object[TYPE_NAME]))
    }

    const root = schema.getRootType(definition.operation)
    return root ? ofObject(root, [definition.selectionSet]) : { resource: undefined, fields: [] }
  }

  const gather = (selection: ObjectSelection, object: Record<string, unknown>, into: FieldSet): void => {
    const { resource } = selection
    if (resource) {
      // The client's aliases are renamed: what has the key's own name is the key.
      const id = object[KEY_NAME] ?? object[resource.key]
      if (id != null) into.resources.add(`${resource.prefix}${id}`)
    }
    for (const { name, coordinate, within } of selection.fields) {
      const value = object[name]
      if (value === null || value === undefined) continue
      into.coordinates.add(coordinate)
      if (within) gatherAll(within, value, into)
    }
  }

  const gatherAll = (within: NonNullable<SelectedField['within']>, value: unknown, into: FieldSet): void => {
    if (Array.isArray(value)) {
      for (const item of value) gatherAll(within, item, into)
    } else if (value !== null && typeof value === 'object') {
      const selection = within(value as Record<string, unknown>)
      if (selection) gather(selection, value as Record<string, unknown>, into)
    }
  }

  return (operation, data, into) => {
    if (data === null || typeof data !== 'object') return
    let known = selections.get(operation.definition)
    if (!known) {
      known = new LRUCache({ max: rememberedSelections })
      selections.set(operation.definition, known)
    }
    const key = conditionsKey(operation)
    const selection = known.get(key) ?? read(operation)
    known.set(key, selection)
    gather(selection, data as Record<string, unknown>, into)
  }
}
