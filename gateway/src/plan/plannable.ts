/**
 * A supergraph as the planner can be trusted with it. Apollo's planner takes the first key of a type in a subgraph that
 * it can fetch, though the subgraph may not answer it: keys that are answered come first here. And it knows a field by
 * its name alone where `@requires` gives it arguments: such a field gets a shadow for each list of arguments, which has
 * none itself; shadows.ts gives a finished plan the true fields back.
 */
import {
  baseType,
  type CompositeType,
  type Directive,
  type FieldDefinition,
  type InterfaceType,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  JOIN_VERSIONS,
  type NamedType,
  type ObjectType,
  ROUTER_SUPPORTED_SUPERGRAPH_FEATURES,
  type Schema,
  Supergraph,
} from '@apollo/federation-internals'
import {
  type ArgumentNode,
  type FieldNode,
  Kind,
  type OperationDefinitionNode,
  parse,
  print,
  type SelectionSetNode,
} from 'graphql'

/** A field with arguments, under a name of its own. */
export interface Shadow {
  readonly field: string
  readonly arguments: readonly ArgumentNode[]
}

/** By name. */
export type Shadows = ReadonlyMap<string, Shadow>

/** No alias of a client's begins like this (operation/aliases.ts). */
const prefix = '_fmr_'

type Owner = ObjectType | InterfaceType
type Field = FieldDefinition<Owner>
type JoinField = Directive<Field, { requires?: string }>

export interface Plannable {
  readonly supergraph: Supergraph
  readonly shadows: Shadows
  /** Whether a field is computed from one that is computed itself. */
  readonly hasChains: boolean
}

export function plannable(whole: Supergraph): Plannable {
  const join = whole.schema.coreFeatures!.getByIdentity(JOIN_VERSIONS.identity)!
  const schema = whole.schema.clone()
  const moved = putAnsweredKeysFirst(schema, join.directiveNameInSchema('type'))
  const { shadows, hasChains } = addShadows(schema, join.directiveNameInSchema('field'))
  if (!moved && shadows.size === 0) return { supergraph: whole, shadows, hasChains }
  // It was valid; where a shadow took its place, a field may now be said to be used that is not.
  const supergraph = new Supergraph(schema, ROUTER_SUPPORTED_SUPERGRAPH_FEATURES, shadows.size === 0)
  return { supergraph, shadows, hasChains }
}

/** Whether that was necessary. */
function putAnsweredKeysFirst(schema: Schema, joinType: string): boolean {
  let moved = false
  const isAnswered = (applied: Directive) => applied.arguments().resolvable !== false
  for (const type of schema.types()) {
    const applied = type.appliedDirectivesOf(joinType) as Directive[]
    const keys = [...applied.filter(isAnswered), ...applied.filter((one) => !isAnswered(one))]
    if (keys.every((one, index) => one === applied[index])) continue
    moved = true
    const inOrder = keys.map((one) => one.arguments())
    for (const one of applied) one.remove()
    for (const key of inOrder) (type as NamedType).applyDirective(joinType, key)
  }
  return moved
}

const fieldsOf = (type: NamedType | undefined): readonly Field[] =>
  type && (isObjectType(type) || isInterfaceType(type)) ? (type.fields() as Field[]) : []

function addShadows(schema: Schema, joinField: string): Omit<Plannable, 'supergraph'> {
  let hasChains = false
  const appliedTo = (field: Field) => field.appliedDirectivesOf(joinField) as JoinField[]
  const names = new Map<string, string>()
  const shadows = new Map<string, Shadow>()
  const shadowed: { readonly original: Field; readonly shadow: Field }[] = []

  const shadowOf = (owner: Owner, original: Field, args: readonly ArgumentNode[]): string => {
    const text = `${original.name}(${args.map(print).sort().join(', ')})`
    const name = names.get(text) ?? `${prefix}${names.size}_${original.name}`
    names.set(text, name)
    shadows.set(name, { field: original.name, arguments: args })
    const owners = isInterfaceType(owner) ? [owner, ...owner.allImplementations()] : [owner]
    for (const type of owners) {
      const own = type.field(original.name) as Field | undefined
      if (!own || type.field(name)) continue
      shadowed.push({ original: own, shadow: (type as ObjectType).addField(name, own.type!) as Field })
    }
    return name
  }

  const withShadows = ({ selections, ...set }: SelectionSetNode, parent: CompositeType): SelectionSetNode => ({
    ...set,
    selections: selections.map((node) => {
      if (node.kind === Kind.FRAGMENT_SPREAD) return node
      if (node.kind === Kind.INLINE_FRAGMENT) {
        const on = node.typeCondition ? schema.type(node.typeCondition.name.value) : parent
        return { ...node, selectionSet: withShadows(node.selectionSet, on as CompositeType) }
      }
      const field =
        isObjectType(parent) || isInterfaceType(parent) ? (parent.field(node.name.value) as Field) : undefined
      if (!field) return node
      hasChains ||= appliedTo(field).some((applied) => applied.arguments().requires !== undefined)
      const returned = baseType(field.type!)
      const below = node.selectionSet && isCompositeType(returned) && withShadows(node.selectionSet, returned)
      const asked: FieldNode = { ...node, ...(below && { selectionSet: below }) }
      if (!field.hasArguments()) return asked
      const name = shadowOf(parent as Owner, field, node.arguments ?? [])
      return { ...asked, name: { kind: Kind.NAME, value: name }, arguments: [] }
    }),
  })

  const requiring = schema.types().flatMap(fieldsOf).flatMap(appliedTo)
  for (const applied of requiring) {
    const { requires, ...rest } = applied.arguments()
    if (requires === undefined) continue
    const { selectionSet } = parse(`{ ${requires} }`).definitions[0] as OperationDefinitionNode
    const rewritten = withShadows(selectionSet, applied.parent.parent)
    applied.setArguments({ ...rest, requires: print(rewritten).slice(1, -1) })
  }
  for (const { original, shadow } of shadowed) {
    for (const applied of appliedTo(original)) shadow.applyDirective(joinField, applied.arguments())
  }
  return { shadows, hasChains }
}
