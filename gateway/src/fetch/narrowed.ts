/**
 * An operation with every fragment on an object narrowed to that object's type. Apollo's executor forgets what an object
 * is inside a fragment on an interface (`person { ... on Node { ... on Person { name } } }`) where its type was not
 * fetched, and leaves out what is selected there.
 */
import {
  type FragmentDefinitionNode,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isInterfaceType,
  isObjectType,
  Kind,
  type NamedTypeNode,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql'
import { hiddenTypename } from '../access/take-out.ts'
import type { Operation } from '../operation/operation.ts'

type Narrowed = Pick<Operation, 'definition' | 'fragments'>
type Type = GraphQLNamedType | null | undefined

const known = new WeakMap<OperationDefinitionNode, Narrowed>()

export function narrowed(operation: Narrowed, schema: GraphQLSchema): Narrowed {
  const before = known.get(operation.definition)
  if (before) return before
  const after = narrow(operation, schema)
  known.set(operation.definition, after)
  return after
}

function narrow({ definition, fragments }: Narrowed, schema: GraphQLSchema): Narrowed {
  const made = new Map<string, FragmentDefinitionNode>()

  /** What a fragment is on, within a type: the object's own type, or the fragment's; undefined: it never applies. */
  const within = (parent: Type, condition: string | undefined): Type => {
    if (condition === undefined) return parent
    const on = schema.getType(condition)
    if (!isObjectType(parent)) return on
    return on === parent || (isAbstractType(on) && schema.isSubType(on, parent)) ? parent : undefined
  }

  const select = ({ selections }: SelectionSetNode, parent: Type): readonly SelectionNode[] =>
    selections.flatMap((node): SelectionNode[] => {
      if (node.kind === Kind.FIELD) {
        if (!node.selectionSet) return [node]
        const field = isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[node.name.value] : undefined
        // Introspection's, whose fragments stay as they are.
        if (!field) return [node]
        const returned = getNamedType(field.type)
        const below = [...select(node.selectionSet, returned), ...typesOf(returned)]
        return [{ ...node, selectionSet: selectionSetOf(below.length > 0 ? below : [nothing]) }]
      }
      const fragment = node.kind === Kind.INLINE_FRAGMENT ? node : fragments[node.name.value]
      const type = fragment && within(parent, fragment.typeCondition?.name.value)
      if (!type) return []
      if (node.kind === Kind.FRAGMENT_SPREAD) {
        const own = specialised(node.name.value, type)
        return own.selectionSet.selections.length > 0 ? [{ ...node, name: own.name }] : []
      }
      const below = select(node.selectionSet, type)
      return below.length > 0 ? [{ ...node, typeCondition: typeNamed(type), selectionSet: selectionSetOf(below) }] : []
    })

  /** What an object is, where that is known: it is completed by its type (shape/program.ts). */
  const typesOf = (type: Type): readonly SelectionNode[] =>
    isAbstractType(type)
      ? schema.getPossibleTypes(type).map((possible) => ({
          kind: Kind.INLINE_FRAGMENT,
          typeCondition: typeNamed(possible),
          selectionSet: selectionSetOf([hiddenTypename]),
        }))
      : []

  /** A fragment as it is within a type, under a name that no client could give. */
  const specialised = (name: string, type: GraphQLNamedType): FragmentDefinitionNode => {
    const own = `${name} on ${type.name}`
    const before = made.get(own)
    if (before) return before
    const fragment = fragments[name]!
    const after = {
      ...fragment,
      name: { ...fragment.name, value: own },
      typeCondition: typeNamed(type),
      selectionSet: selectionSetOf(select(fragment.selectionSet, type)),
    }
    made.set(own, after)
    return after
  }

  const selectionSet = selectionSetOf(select(definition.selectionSet, schema.getRootType(definition.operation)))
  const used = [...made].filter(([, fragment]) => fragment.selectionSet.selections.length > 0)
  return { definition: { ...definition, selectionSet }, fragments: { ...fragments, ...Object.fromEntries(used) } }
}

const selectionSetOf = (selections: readonly SelectionNode[]): SelectionSetNode => ({
  kind: Kind.SELECTION_SET,
  selections,
})

/** What stands where nothing is selected of an object. */
const nothing: SelectionNode = {
  kind: Kind.FIELD,
  name: { kind: Kind.NAME, value: '__typename' },
  directives: [
    {
      kind: Kind.DIRECTIVE,
      name: { kind: Kind.NAME, value: 'include' },
      arguments: [
        {
          kind: Kind.ARGUMENT,
          name: { kind: Kind.NAME, value: 'if' },
          value: { kind: Kind.BOOLEAN, value: false },
        },
      ],
    },
  ],
}

const typeNamed = ({ name }: GraphQLNamedType): NamedTypeNode => ({
  kind: Kind.NAMED_TYPE,
  name: { kind: Kind.NAME, value: name },
})
