/**
 * Which entities of the graph are things that grants open, and the selection of their keys. A client may read the name
 * of a share class without asking for its id; who saw it must still be told. So what is planned asks for the key of
 * every such entity, and for the type where a selection may meet several, under names that no client can choose.
 */
import type { ResourceKind } from '@fundmesh/contracts/events'
import {
  type DocumentNode,
  type FieldNode,
  type GraphQLSchema,
  isAbstractType,
  isObjectType,
  Kind,
  type SelectionNode,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql'

/** An entity type that grants open, and its field that holds the id of the resource. */
export interface ResourceType {
  readonly kind: ResourceKind
  readonly key: string
}

export type ResourceTypes = ReadonlyMap<string, ResourceType>

/** Client aliases are renamed to `_fm_…` (operation/aliases.ts), and no field of the graph begins like this. */
const prefix = '_audit_'
export const KEY_NAME = `${prefix}key`
export const TYPE_NAME = `${prefix}type`

/** Whether a name in the merged data is ours and not the client's. */
export const isAuditName = (name: string | number): boolean => typeof name === 'string' && name.startsWith(prefix)

/** Makes the step that adds the keys to a document. Its result is remembered for as long as the document lives. */
export function keySelection(
  schemaOf: (view: string) => GraphQLSchema,
  resources: ResourceTypes,
): (view: string, document: DocumentNode) => DocumentNode {
  const known = new WeakMap<DocumentNode, DocumentNode>()

  const keysFor = (schema: GraphQLSchema, typeName: string): readonly SelectionNode[] => {
    const type = schema.getType(typeName)
    const resource = resources.get(typeName)
    // The view may have a type of that name without its key; what is not in the view cannot be planned.
    if (isObjectType(type)) return resource && type.getFields()[resource.key] ? [field(KEY_NAME, resource.key)] : []
    if (!isAbstractType(type)) return []
    const entities = schema.getPossibleTypes(type).filter(({ name }) => resources.has(name))
    return [field(TYPE_NAME, '__typename'), ...entities.map(({ name }) => onType(name, keysFor(schema, name)))]
  }

  return (view, document) => {
    const before = known.get(document)
    if (before) return before
    const schema = schemaOf(view)
    const added = new Map<string, readonly SelectionNode[]>()
    const types = new TypeInfo(schema)
    const after = visit(
      document,
      visitWithTypeInfo(types, {
        SelectionSet: {
          leave(node) {
            const parent = types.getParentType()
            if (!parent) return undefined
            if (!added.has(parent.name)) added.set(parent.name, keysFor(schema, parent.name))
            const more = added.get(parent.name)!
            const has = node.selections.some((selected) => isPlain(selected, resources.get(parent.name)?.key))
            return more.length === 0 || has ? undefined : { ...node, selections: [...node.selections, ...more] }
          },
        },
      }),
    )
    known.set(document, after)
    return after
  }
}

/** Whether the client itself asks for the field, under its own name and in any case. */
const isPlain = (node: SelectionNode, name: string | undefined): boolean =>
  node.kind === Kind.FIELD && node.name.value === name && !node.alias && !node.directives?.length

const field = (alias: string, name: string): FieldNode => ({
  kind: Kind.FIELD,
  alias: { kind: Kind.NAME, value: alias },
  name: { kind: Kind.NAME, value: name },
})

const onType = (name: string, selections: readonly SelectionNode[]): SelectionNode => ({
  kind: Kind.INLINE_FRAGMENT,
  typeCondition: { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value: name } },
  selectionSet: { kind: Kind.SELECTION_SET, selections },
})
