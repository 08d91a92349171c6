/**
 * Gives a plan the fields back for which shadows stood (plannable.ts): under the shadow's name, so that no other field
 * stands in its place, and under their own in what a subgraph is sent. A subgraph that computes two fields, from one field
 * with two lists of arguments, is asked twice: what it is sent has but one place for the value.
 */
import { isInterfaceType, isObjectType, type Supergraph } from '@apollo/federation-internals'
import type {
  FetchDataRewrite,
  FetchNode,
  PlanNode,
  QueryPlan,
  QueryPlanSelectionNode,
  SubscriptionNode,
} from '@apollo/query-planner'
import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  parse,
  print,
  type SelectionNode,
  type SelectionSetNode,
  stripIgnoredCharacters,
  visit,
} from 'graphql'
import type { Shadows } from './plannable.ts'

/** For a field of a type in a subgraph, the shadows that it is computed from. */
type NeededBy = (subgraph: string, type: string, field: string) => ReadonlySet<string>

export function restoreShadows(plan: QueryPlan, shadows: Shadows, supergraph: Supergraph): QueryPlan {
  if (shadows.size === 0 || !plan.node) return plan
  const neededBy = needs(shadows, supergraph)

  const restored = (node: PlanNode): PlanNode => {
    switch (node.kind) {
      case 'Fetch': {
        const fetches = apart(node, shadows, neededBy).map((fetch) => restoredFetch(fetch, shadows))
        return fetches.length === 1 ? fetches[0]! : { kind: 'Parallel', nodes: fetches }
      }
      case 'Flatten': {
        const below = restored(node.node)
        return below.kind === 'Parallel'
          ? { kind: 'Parallel', nodes: below.nodes.map((one) => ({ ...node, node: one })) }
          : { ...node, node: below }
      }
      case 'Sequence':
      case 'Parallel':
        return { ...node, nodes: node.nodes.map(restored) }
      case 'Condition':
        return {
          ...node,
          ...(node.ifClause && { ifClause: restored(node.ifClause) }),
          ...(node.elseClause && { elseClause: restored(node.elseClause) }),
        }
      case 'Defer':
        throw new Error('a plan that defers: not restored')
    }
  }
  const restoredRoot = (node: PlanNode | SubscriptionNode): PlanNode | SubscriptionNode =>
    node.kind === 'Subscription'
      ? { ...node, primary: restoredFetch(node.primary, shadows), ...(node.rest && { rest: restored(node.rest) }) }
      : restored(node)
  return { ...plan, node: restoredRoot(plan.node) }
}

function needs(shadows: Shadows, supergraph: Supergraph): NeededBy {
  const subgraphs = supergraph.subgraphs()
  const nothing: ReadonlySet<string> = new Set()
  return (subgraph, typeName, fieldName) => {
    const there = subgraphs.get(subgraph)!
    const type = there.schema.type(typeName)
    const field = type && (isObjectType(type) || isInterfaceType(type)) ? type.field(fieldName) : undefined
    const requires = field?.appliedDirectivesOf(there.metadata().requiresDirective())[0]?.arguments().fields
    if (typeof requires !== 'string') return nothing
    const named = new Set<string>()
    visit(parse(`{ ${requires} }`), {
      Field: ({ name }) => void (shadows.has(name.value) && named.add(name.value)),
    })
    return named
  }
}

/** The fetch as several, none of which is sent two values for one field. */
function apart(fetch: FetchNode, shadows: Shadows, neededBy: NeededBy): readonly FetchNode[] {
  const rivals = rivalsIn(fetch.requires ?? [], shadows)
  if (rivals.length === 0) return [fetch]

  const document = parse(fetch.operation, { noLocation: true })
  const fragments = new Map(
    document.definitions.flatMap((node) => (node.kind === Kind.FRAGMENT_DEFINITION ? [[node.name.value, node]] : [])),
  )
  const operation = document.definitions.find((node) => node.kind === Kind.OPERATION_DEFINITION)!
  const entities = operation.selectionSet.selections[0] as FieldNode
  const asked = fieldsOf(entities.selectionSet!, undefined, fragments).map(({ node, type }) => ({
    node,
    needed: type === undefined ? new Set<string>() : neededBy(fetch.serviceName, type, node.name.value),
  }))

  const groups: { readonly fields: Set<FieldNode>; readonly needed: Set<string> }[] = [
    { fields: new Set(), needed: new Set() },
  ]
  const fits = (held: ReadonlySet<string>, needed: ReadonlySet<string>) =>
    rivals.every((names) => new Set([...held, ...needed].filter((name) => names.has(name))).size < 2)
  for (const { node, needed } of asked) {
    const group = groups.find((one) => fits(one.needed, needed)) ?? { fields: new Set(), needed: new Set() }
    if (!groups.includes(group)) groups.push(group)
    group.fields.add(node)
    for (const name of needed) group.needed.add(name)
  }
  const spoken = new Set(rivals.flatMap((names) => [...names]))
  return groups.map(({ fields, needed }) => {
    const unneeded = new Set([...spoken].filter((name) => !needed.has(name)))
    return {
      ...only(fetch, operation, entities, fragments, fields),
      requires: without(fetch.requires!, unneeded),
    }
  })
}

/** Sets of shadows that would stand in one place of what is sent. */
function rivalsIn(selections: readonly QueryPlanSelectionNode[], shadows: Shadows): readonly ReadonlySet<string>[] {
  const places = new Map<string, Set<string>>()
  const look = (nodes: readonly QueryPlanSelectionNode[], path: string) => {
    for (const node of nodes) {
      if (node.kind === 'InlineFragment') {
        look(node.selections, path)
        continue
      }
      const shadow = shadows.get(node.name)
      const place = `${path}.${shadow?.field ?? node.name}`
      if (shadow) places.set(place, (places.get(place) ?? new Set()).add(node.name))
      look(node.selections ?? [], place)
    }
  }
  look(selections, '')
  return [...places.values()].filter((names) => names.size > 1)
}

const without = (selections: readonly QueryPlanSelectionNode[], names: ReadonlySet<string>): QueryPlanSelectionNode[] =>
  selections.flatMap((node): QueryPlanSelectionNode[] => {
    if (node.kind === 'InlineFragment') return [{ ...node, selections: without(node.selections, names) }]
    if (names.has(node.name)) return []
    if (!node.selections) return [node]
    const below = without(node.selections, names)
    return below.length > 0 ? [{ ...node, selections: below }] : []
  })

type Fragments = ReadonlyMap<string, FragmentDefinitionNode>

/** The fields of the entities themselves, each with the type that it is asked of. */
function fieldsOf(
  { selections }: SelectionSetNode,
  type: string | undefined,
  fragments: Fragments,
): readonly { readonly node: FieldNode; readonly type: string | undefined }[] {
  return selections.flatMap((node) => {
    if (node.kind === Kind.FIELD) return [{ node, type }]
    const fragment = node.kind === Kind.FRAGMENT_SPREAD ? fragments.get(node.name.value)! : node
    return fieldsOf(fragment.selectionSet, fragment.typeCondition?.name.value ?? type, fragments)
  })
}

/** A fetch for some of its fields; fragments of entities are written out, as they may be divided. */
function only(
  fetch: FetchNode,
  operation: OperationDefinitionNode,
  entities: FieldNode,
  fragments: Fragments,
  fields: ReadonlySet<FieldNode>,
): FetchNode {
  const select = ({ selections, ...set }: SelectionSetNode): SelectionSetNode => ({
    ...set,
    selections: selections.flatMap((node): SelectionNode[] => {
      if (node.kind === Kind.FIELD) return fields.has(node) ? [node] : []
      const { typeCondition, selectionSet } =
        node.kind === Kind.FRAGMENT_SPREAD ? fragments.get(node.name.value)! : node
      const below = select(selectionSet)
      const inline = { kind: Kind.INLINE_FRAGMENT, ...(typeCondition && { typeCondition }) } as const
      return below.selections.length > 0 ? [{ ...inline, directives: node.directives ?? [], selectionSet: below }] : []
    }),
  })
  const selectionSet = {
    ...operation.selectionSet,
    selections: [{ ...entities, selectionSet: select(entities.selectionSet!) }],
  }

  const spread = new Set<string>()
  const variables = new Set<string>()
  const use = {
    Variable: ({ name }: { name: { value: string } }) => void variables.add(name.value),
    FragmentSpread: ({ name }: { name: { value: string } }) => {
      if (spread.has(name.value)) return
      spread.add(name.value)
      visit(fragments.get(name.value)!, use)
    },
  }
  visit(selectionSet, use)
  const document: DocumentNode = {
    kind: Kind.DOCUMENT,
    definitions: [
      {
        ...operation,
        selectionSet,
        variableDefinitions: (operation.variableDefinitions ?? []).filter(({ variable }) =>
          variables.has(variable.name.value),
        ),
      },
      ...[...fragments.values()].filter(({ name }) => spread.has(name.value)),
    ],
  }
  return {
    ...fetch,
    operation: stripIgnoredCharacters(print(document)),
    ...(fetch.variableUsages && { variableUsages: fetch.variableUsages.filter((name) => variables.has(name)) }),
  }
}

function restoredFetch(fetch: FetchNode, shadows: Shadows): FetchNode {
  const renamed: FetchDataRewrite[] = []
  const restored = (nodes: readonly QueryPlanSelectionNode[], path: readonly string[]): QueryPlanSelectionNode[] =>
    nodes.map((node): QueryPlanSelectionNode => {
      if (node.kind === 'InlineFragment') {
        const within = node.typeCondition === undefined ? path : [...path, `... on ${node.typeCondition}`]
        return { ...node, selections: restored(node.selections, within) }
      }
      const shadow = shadows.get(node.name)
      const at = [...path, node.name]
      const field = {
        ...node,
        ...(shadow && { name: shadow.field, alias: node.name }),
        ...(node.selections && { selections: restored(node.selections, at) }),
      }
      // After those below it, whose paths go by the shadow.
      if (shadow) renamed.push({ kind: 'KeyRenamer', path: at, renameKeyTo: shadow.field })
      return field
    })
  const requires = fetch.requires && restored(fetch.requires, [])
  const inputRewrites = [...(fetch.inputRewrites ?? []), ...renamed]
  return {
    ...fetch,
    operation: restoredDocument(fetch.operation, shadows),
    ...(requires && { requires }),
    ...(inputRewrites.length > 0 && { inputRewrites }),
  }
}

function restoredDocument(operation: string, shadows: Shadows): string {
  let found = false
  const document = visit(parse(operation, { noLocation: true }), {
    Field(node) {
      const shadow = shadows.get(node.name.value)
      if (!shadow) return undefined
      found = true
      return {
        ...node,
        alias: node.alias ?? node.name,
        name: { kind: Kind.NAME, value: shadow.field } as const,
        arguments: [...shadow.arguments, ...(node.arguments ?? [])],
      }
    },
  })
  return found ? stripIgnoredCharacters(print(document)) : operation
}
