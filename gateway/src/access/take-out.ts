/** An operation without the selections that its caller may not have: what may be planned. */
import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isInterfaceType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql'
import type { Operation } from '../operation/operation.ts'

/** The name under which the plan asks for a type that the client did not ask for. No alias of a client's can be it. */
export const typeKey = '_fmx_type'

const hiddenTypename: FieldNode = {
  kind: Kind.FIELD,
  name: { kind: Kind.NAME, value: '__typename' },
  alias: { kind: Kind.NAME, value: typeKey },
}

export type Left = Pick<Operation, 'document' | 'definition' | 'fragments'>

/**
 * Takes out the fields that `taken` names. A selection that is left empty asks for the type alone, so that it is still
 * known whether there is an object; where a fragment decides what was taken, the object's type is asked for too.
 */
export function takeOut(
  { definition, fragments }: Operation,
  schema: GraphQLSchema,
  taken: ReadonlySet<FieldNode>,
  touches: (selectionSet: SelectionSetNode) => boolean,
): Left {
  const left: Record<string, FragmentDefinitionNode> = Object.create(null)
  const typeAsked = namesAskedByType([definition, ...Object.values(fragments)])

  const select = (selectionSet: SelectionSetNode, parent: GraphQLOutputType | undefined): readonly SelectionNode[] =>
    selectionSet.selections.flatMap((node): readonly SelectionNode[] => {
      if (node.kind === Kind.FRAGMENT_SPREAD) return fragmentLeft(node.name.value) ? [node] : []
      if (node.kind === Kind.INLINE_FRAGMENT) {
        const on = node.typeCondition ? schema.getType(node.typeCondition.name.value) : parent
        const selections = select(node.selectionSet, on as GraphQLOutputType | undefined)
        return selections.length > 0 ? [{ ...node, selectionSet: { ...node.selectionSet, selections } }] : []
      }
      if (taken.has(node)) return []
      if (!node.selectionSet) return [node]
      if (!touches(node.selectionSet)) {
        keepFragmentsOf(node.selectionSet)
        return [node]
      }
      const field = isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[node.name.value] : undefined
      const returned = field && getNamedType(field.type)
      const selections = select(node.selectionSet, returned)
      const typed = selections.length === 0 || (isAbstractType(returned) && typeAsked.has(answerName(node)))
      return [
        {
          ...node,
          selectionSet: { ...node.selectionSet, selections: typed ? [...selections, hiddenTypename] : selections },
        },
      ]
    })

  /** What nothing is taken out of stays as it is, and needs the fragments that it spreads. */
  const keepFragmentsOf = (selectionSet: SelectionSetNode): void => {
    for (const node of selectionSet.selections) {
      if (node.kind === Kind.FRAGMENT_SPREAD) fragmentLeft(node.name.value)
      else if (node.selectionSet) keepFragmentsOf(node.selectionSet)
    }
  }

  const fragmentLeft = (name: string): FragmentDefinitionNode | undefined => {
    const fragment = fragments[name]
    if (!fragment) return undefined
    const known = left[name]
    if (known) return known.selectionSet.selections.length > 0 ? known : undefined
    const selections = select(
      fragment.selectionSet,
      schema.getType(fragment.typeCondition.name.value) as GraphQLOutputType | undefined,
    )
    left[name] = { ...fragment, selectionSet: { ...fragment.selectionSet, selections } }
    return fragmentLeft(name)
  }

  const selections = select(definition.selectionSet, schema.getRootType(definition.operation) ?? undefined)
  const operation: OperationDefinitionNode = {
    ...definition,
    selectionSet: { ...definition.selectionSet, selections: selections.length > 0 ? selections : [hiddenTypename] },
  }
  const used = Object.fromEntries(
    Object.entries(left).filter(([, { selectionSet }]) => selectionSet.selections.length > 0),
  )
  const document: DocumentNode = { kind: Kind.DOCUMENT, definitions: [operation, ...Object.values(used)] }
  return { document, definition: operation, fragments: used }
}

const answerName = ({ alias, name }: FieldNode): string => (alias ?? name).value

/** Whether what is selected depends on the object's type. */
const asksType = (node: SelectionNode) => node.kind !== Kind.FIELD || node.name.value === '__typename'

/** Names in the answer under which somewhere an object's type decides. Two selections under one name become one. */
function namesAskedByType(
  definitions: readonly (OperationDefinitionNode | FragmentDefinitionNode)[],
): ReadonlySet<string> {
  const names = new Set<string>()
  const enter = ({ selections }: SelectionSetNode): void => {
    for (const node of selections) {
      if (node.kind === Kind.FRAGMENT_SPREAD || !node.selectionSet) continue
      if (node.kind === Kind.FIELD && node.selectionSet.selections.some(asksType)) names.add(answerName(node))
      enter(node.selectionSet)
    }
  }
  for (const { selectionSet } of definitions) enter(selectionSet)
  return names
}

/** Tells whether something of a set of fields is selected somewhere below. */
export function touching(fragments: Operation['fragments'], fields: ReadonlySet<FieldNode>) {
  const known = new Map<SelectionSetNode, boolean>()
  const touches = (selectionSet: SelectionSetNode): boolean => {
    const before = known.get(selectionSet)
    if (before !== undefined) return before
    const found = selectionSet.selections.some((node) => {
      if (node.kind === Kind.FIELD && fields.has(node)) return true
      const below = node.kind === Kind.FRAGMENT_SPREAD ? fragments[node.name.value]?.selectionSet : node.selectionSet
      return below ? touches(below) : false
    })
    known.set(selectionSet, found)
    return found
  }
  return touches
}
