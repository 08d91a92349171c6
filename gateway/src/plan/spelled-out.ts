/**
 * An operation as Apollo's planner plans it well, which asks for the same. Conditions that are written out, or known
 * (with-decisions.ts), are decided here; where everything that is selected of an object hangs on conditions, its `__typename` is asked for, as whether it
 * is there must be known all the same (the planner would leave its field out). A fragment on an interface within another
 * that some subgraph has as an object (@interfaceObject) is written out for each of the objects that are both: the
 * planner fails on it. What is asked for more than the client did is not shown: answers are made of what was asked.
 */
import type { Supergraph } from '@apollo/federation-internals'
import {
  type ASTNode,
  type DirectiveNode,
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isInterfaceType,
  isObjectType,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
  visit,
} from 'graphql'
import type { Decided } from './planner.ts'

export function spellingOut(supergraph: Supergraph): (document: DocumentNode, decided: Decided) => DocumentNode {
  const schema = supergraph.apiSchema().toGraphQLJSSchema()
  const asObjects = interfacesAsObjects(supergraph)
  return (document, decided) => spelledOut(document, schema, asObjects, new Map(decided))
}

function interfacesAsObjects({ schema }: Supergraph): ReadonlySet<string> {
  const names = schema
    .types()
    .filter((type) => type.appliedDirectives.some((applied) => applied.arguments().isInterfaceObject === true))
  return new Set(names.map(({ name }) => name))
}

type Type = GraphQLNamedType | undefined

function spelledOut(
  document: DocumentNode,
  schema: GraphQLSchema,
  asObjects: ReadonlySet<string>,
  values: ReadonlyMap<string, boolean>,
): DocumentNode {
  const fragments = new Map<string, FragmentDefinitionNode>()
  for (const node of document.definitions)
    if (node.kind === Kind.FRAGMENT_DEFINITION) fragments.set(node.name.value, node)

  const kept = new Set<FragmentDefinitionNode>()
  const keep = (node: ASTNode): void =>
    void visit(node, {
      FragmentSpread({ name }) {
        const fragment = fragments.get(name.value)
        if (!fragment || kept.has(fragment)) return
        kept.add(fragment)
        keep(fragment)
      },
    })

  const select = ({ selections, ...set }: SelectionSetNode, parent: Type): SelectionSetNode => {
    const left = selections.flatMap((node) => selectionOf(node, parent))
    return { ...set, selections: left.some(isCertain) ? left : [...left, typename] }
  }

  const selectionOf = (node: SelectionNode, parent: Type): readonly SelectionNode[] => {
    const directives = undecided(node.directives, values)
    if (!directives) return []
    if (node.kind === Kind.FIELD) {
      if (!node.selectionSet) return [{ ...node, directives }]
      const fields = isObjectType(parent) || isInterfaceType(parent) ? parent.getFields() : {}
      const field = Object.hasOwn(fields, node.name.value) ? fields[node.name.value] : undefined
      // Introspection's are not planned, and keep what they spread.
      if (!field) {
        keep(node)
        return [{ ...node, directives }]
      }
      return [{ ...node, directives, selectionSet: select(node.selectionSet, getNamedType(field.type)) }]
    }
    const fragment = node.kind === Kind.INLINE_FRAGMENT ? node : fragments.get(node.name.value)
    if (!fragment) return [{ ...node, directives }]
    const condition = fragment.typeCondition?.name.value
    const on = condition === undefined ? parent : schema.getType(condition)
    return objectsOf(parent, on).map((type) => ({
      kind: Kind.INLINE_FRAGMENT,
      ...(type && { typeCondition: { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value: type.name } } }),
      directives,
      selectionSet: select(fragment.selectionSet, type),
    }))
  }

  const isThere = (parent: GraphQLObjectType, on: Type) =>
    on === undefined || on === parent || (isAbstractType(on) && schema.isSubType(on, parent))

  /** What the fragment is on: itself, or where the planner would fail each of the objects that can be there. */
  const objectsOf = (parent: Type, on: Type): readonly Type[] => {
    if (isObjectType(parent)) return isThere(parent, on) ? [parent] : []
    if (!isInterfaceType(parent) || !isAbstractType(on) || on === parent || !asObjects.has(parent.name)) return [on]
    return schema.getPossibleTypes(parent).filter((type) => schema.isSubType(on, type))
  }

  const operations = document.definitions.flatMap((node) =>
    node.kind === Kind.OPERATION_DEFINITION
      ? { ...node, selectionSet: select(node.selectionSet, schema.getRootType(node.operation) ?? undefined) }
      : [],
  )
  return { ...document, definitions: [...operations, ...kept] }
}

/** The conditions that hang on variables of unknown values; undefined where one is known that does not hold. */
function undecided(
  directives: readonly DirectiveNode[] = [],
  values: ReadonlyMap<string, boolean>,
): readonly DirectiveNode[] | undefined {
  const open: DirectiveNode[] = []
  for (const directive of directives) {
    const { name, arguments: given = [] } = directive
    const asked = given.find((argument) => argument.name.value === 'if')?.value
    const isCondition = name.value === 'skip' || name.value === 'include'
    const value =
      asked?.kind === Kind.BOOLEAN
        ? asked.value
        : asked?.kind === Kind.VARIABLE
          ? values.get(asked.name.value)
          : undefined
    if (!isCondition || value === undefined) open.push(directive)
    else if (value !== (name.value === 'include')) return undefined
  }
  return open
}

/** Whether something of the selection is asked for whatever the variables are. */
const isCertain = (node: SelectionNode): boolean => {
  if (node.directives?.some(({ name }) => name.value === 'skip' || name.value === 'include')) return false
  if (node.kind !== Kind.INLINE_FRAGMENT) return true
  return node.typeCondition === undefined && node.selectionSet.selections.some(isCertain)
}

const typename: SelectionNode = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: '__typename' } }
