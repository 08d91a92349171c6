/**
 * The order that a plan's fetches need. Apollo's planner puts fetches side by side though one takes what the other brings
 * (a field that is computed from a computed one, over three subgraphs): it would not be asked at all, as its input is not
 * there yet. A fetch also waits for those that bring an input which nothing before it brings.
 */
import type { QueryPlanSelectionNode } from '@apollo/query-planner'
import {
  type FragmentDefinitionNode,
  type GraphQLSchema,
  isAbstractType,
  Kind,
  parse,
  type SelectionSetNode,
} from 'graphql'
import { mergePath } from './places.ts'
import type { OrderedFetch } from './plan-order.ts'
import { rewrittenPath } from './rewrites.ts'

export interface NeededFetch extends OrderedFetch {
  /** Whether it takes an input that no fetch before it brings: what is then not asked for has no other explanation. */
  readonly lacksInput: boolean
}

/** A field's name in the merged data, and the types of the objects that have it there; undefined: of any. */
interface Step {
  readonly name: string
  readonly types: readonly string[] | undefined
}
type Leaf = readonly Step[]

export function inNeededOrder(schema: GraphQLSchema, fetches: readonly OrderedFetch[]): readonly NeededFetch[] {
  const brought = new Map<string, { readonly by: number; readonly leaf: Leaf }[]>()
  for (const [by, fetch] of fetches.entries()) {
    for (const leaf of broughtBy(schema, fetch)) {
      const same = brought.get(nameOf(leaf))
      if (same) same.push({ by, leaf })
      else brought.set(nameOf(leaf), [{ by, leaf }])
    }
  }
  const after = fetches.map((fetch) => [...fetch.after])
  let before = allBefore(after)
  const lacksInput = fetches.map(() => false)
  let isChanged = false
  for (const [index, fetch] of fetches.entries()) {
    const entity = stepsTo(fetch).length
    for (const leaf of takenBy(schema, fetch)) {
      const bringing = (brought.get(nameOf(leaf)) ?? []).filter((one) => one.by !== index && overlap(one.leaf, leaf))
      const isBrought = eachType(leaf, entity).every((typed) =>
        bringing.some((one) => before[index]!.has(one.by) && covers(one.leaf, typed, entity)),
      )
      if (isBrought) continue
      for (const { by } of bringing) {
        if (before[index]!.has(by) || before[by]!.has(index)) continue
        after[index]!.push(by)
        before = allBefore(after)
        isChanged = true
      }
      lacksInput[index] ||= !bringing.some(({ by }) => before[index]!.has(by))
    }
  }
  const needed = fetches.map((fetch, index) => ({ ...fetch, after: after[index]!, lacksInput: lacksInput[index]! }))
  return isChanged ? sorted(needed) : needed
}

/** Of each fetch, all that are answered before it. */
function allBefore(after: readonly (readonly number[])[]): readonly ReadonlySet<number>[] {
  return after.map((_, index) => {
    const found = new Set<number>()
    const open = [index]
    for (let at = open.pop(); at !== undefined; at = open.pop())
      for (const one of after[at]!) if (!found.has(one)) open.push(one) && found.add(one)
    return found
  })
}

/** In the given order, but each after those that it waits for. */
function sorted(fetches: readonly NeededFetch[]): readonly NeededFetch[] {
  const placeOf = new Map<number, number>()
  const place = (index: number): void => {
    if (placeOf.has(index)) return
    for (const one of fetches[index]!.after) place(one)
    placeOf.set(index, placeOf.size)
  }
  for (const index of fetches.keys()) place(index)
  return [...placeOf.keys()].map((index) => {
    const fetch = fetches[index]!
    return { ...fetch, after: fetch.after.map((one) => placeOf.get(one)!) }
  })
}

function stepsTo({ path }: OrderedFetch): Leaf {
  const steps: Step[] = []
  let types: readonly string[] | undefined
  for (const step of mergePath(path)) {
    if (step.name !== undefined && step.name !== '') {
      steps.push({ name: step.name, types })
      types = undefined
    }
    types = step.types ?? types
  }
  return steps
}

function takenBy(schema: GraphQLSchema, fetch: OrderedFetch): readonly Leaf[] {
  const taken: Leaf[] = []
  const take = (nodes: readonly QueryPlanSelectionNode[], above: Leaf, types: Step['types']): void => {
    for (const node of nodes) {
      if (node.kind === 'InlineFragment') {
        take(node.selections, above, narrowed(schema, types, node.typeCondition))
        continue
      }
      const leaf = [...above, { name: node.alias ?? node.name, types }]
      if (node.selections?.length) take(node.selections, leaf, undefined)
      else if (node.name !== '__typename') taken.push(leaf)
    }
  }
  take(fetch.node.requires ?? [], stepsTo(fetch), undefined)
  return taken
}

function broughtBy(schema: GraphQLSchema, fetch: OrderedFetch): readonly Leaf[] {
  const { operation, requires, outputRewrites = [] } = fetch.node
  const { definitions } = parse(operation, { noLocation: true })
  const fragments = new Map(
    definitions.flatMap((node): [string, FragmentDefinitionNode][] =>
      node.kind === Kind.FRAGMENT_DEFINITION ? [[node.name.value, node]] : [],
    ),
  )
  const brought: Leaf[] = []
  const bring = ({ selections }: SelectionSetNode, above: Leaf, types: Step['types']): void => {
    for (const node of selections) {
      if (node.kind !== Kind.FIELD) {
        const fragment = node.kind === Kind.FRAGMENT_SPREAD ? fragments.get(node.name.value)! : node
        bring(fragment.selectionSet, above, narrowed(schema, types, fragment.typeCondition?.name.value))
        continue
      }
      const [name] = rewrittenPath(outputRewrites, [node.alias?.value ?? node.name.value])
      const leaf = [...above, { name: String(name), types }]
      if (node.selectionSet) bring(node.selectionSet, leaf, undefined)
      else brought.push(leaf)
    }
  }
  for (const node of definitions) {
    if (node.kind !== Kind.OPERATION_DEFINITION) continue
    const [first] = node.selectionSet.selections
    if (!requires) bring(node.selectionSet, stepsTo(fetch), undefined)
    else if (first?.kind === Kind.FIELD && first.selectionSet) bring(first.selectionSet, stepsTo(fetch), undefined)
  }
  return brought
}

/** The objects that are of these types and fulfil the condition. */
function narrowed(schema: GraphQLSchema, types: Step['types'], condition: string | undefined): Step['types'] {
  if (condition === undefined) return types
  const type = schema.getType(condition)
  const names = isAbstractType(type) ? schema.getPossibleTypes(type).map(({ name }) => name) : [condition]
  return types ? types.filter((one) => names.includes(one)) : names
}

const nameOf = (leaf: Leaf): string => leaf.map(({ name }) => name).join('.')

const overlap = (one: Leaf, other: Leaf): boolean =>
  one.every(({ types }, at) => {
    const others = other[at]!.types
    return !types || !others || types.some((type) => others.includes(type))
  })

/** A leaf for each type of the entity that has it. */
const eachType = (leaf: Leaf, entity: number): readonly Leaf[] =>
  leaf[entity]!.types?.map((type) => leaf.map((step, at) => (at === entity ? { ...step, types: [type] } : step))) ?? [
    leaf,
  ]

/** Whether the entities that have the one have the other; how one comes to them, the paths say. */
const covers = (one: Leaf, other: Leaf, entity: number): boolean =>
  one.every(({ types }, at) => {
    const others = other[at]!.types
    return at < entity || !types || (others?.every((type) => types.includes(type)) ?? false)
  })
