/**
 * What an operation costs: estimated before it runs, by what was asked with which variables, and counted afterwards, by
 * the sizes that came. Fields of one name count once, as they are executed once; of an abstract type the dearest of its
 * objects counts.
 */
import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLError,
  type GraphQLField,
  GraphQLIncludeDirective,
  type GraphQLObjectType,
  GraphQLSkipDirective,
  getArgumentValues,
  getDirectiveValues,
  getNamedType,
  getNullableType,
  isAbstractType,
  isCompositeType,
  isListType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql'
import { codedError } from '../errors/catalogue.ts'
import { tooComplex } from '../operation/limits.ts'
import { type CostModel, defaultListSize } from './cost-model.ts'

export interface Costed {
  /** Points to be reserved. */
  readonly estimate: number
  /** Points for what came: `data` under the names of the operation's own document. */
  actual(data: unknown, errors: readonly GraphQLError[]): number
}

export interface Asked {
  readonly definition: OperationDefinitionNode
  readonly fragments: Readonly<Record<string, FragmentDefinitionNode>>
  readonly variables: Readonly<Record<string, unknown>>
}

/** A mutation changes something before it answers anything. */
const mutationCost = 10
/** Introspection is answered from the schema's size, whatever is granted. By a map: a graph may have a field `constructor`. */
const introspectionCosts: ReadonlyMap<string, number> = new Map([
  ['__schema', 50],
  ['__type', 10],
  ['__typename', 0],
])
/** Fields that are looked at, at the most: abstract types within each other multiply. */
const maxVisited = 50_000

/** A field that costs something, of itself or below it. */
interface CostField {
  readonly name: string
  readonly weight: number
  readonly argumentsCost: number
  /** Items that are expected; 1 where it is no list. */
  readonly size: number
  readonly listed: boolean
  readonly below: Selected | undefined
}

/** What is selected of an object, by its type. */
interface Selected {
  readonly estimate: number
  readonly fieldsOf: ReadonlyMap<string, readonly CostField[]>
}

export function costOf(model: CostModel, { definition, fragments, variables }: Asked): Costed {
  const { schema } = model
  let visited = 0

  const included = (node: SelectionNode) =>
    getDirectiveValues(GraphQLSkipDirective, node, variables)?.if !== true &&
    getDirectiveValues(GraphQLIncludeDirective, node, variables)?.if !== false

  const applies = (condition: string | undefined, type: GraphQLObjectType) => {
    if (condition === undefined || condition === type.name) return true
    const abstract = schema.getType(condition)
    return isAbstractType(abstract) && schema.isSubType(abstract, type)
  }

  /** The fields of an object of this type, by the names they are answered under. */
  const collect = (type: GraphQLObjectType, selectionSets: readonly SelectionSetNode[]) => {
    const named = new Map<string, FieldNode[]>()
    const spread = new Set<string>()
    const into = (selectionSet: SelectionSetNode) => {
      for (const node of selectionSet.selections) {
        if (!included(node)) continue
        if (node.kind === Kind.FIELD) {
          const name = (node.alias ?? node.name).value
          const same = named.get(name)
          if (same) same.push(node)
          else named.set(name, [node])
          continue
        }
        if (node.kind === Kind.FRAGMENT_SPREAD) {
          if (spread.has(node.name.value)) continue
          spread.add(node.name.value)
        }
        const fragment = node.kind === Kind.INLINE_FRAGMENT ? node : fragments[node.name.value]
        if (fragment && applies(fragment.typeCondition?.name.value, type)) into(fragment.selectionSet)
      }
    }
    selectionSets.forEach(into)
    return named
  }

  const select = (type: GraphQLCompositeType, sets: readonly SelectionSetNode[], sizes: Sizes): Selected => {
    let estimate = 0
    const fieldsOf = new Map<string, readonly CostField[]>()
    for (const possible of isObjectType(type) ? [type] : schema.getPossibleTypes(type)) {
      const fields = [...collect(possible, sets)].flatMap(
        ([name, nodes]) => fieldOf(possible, name, nodes, sizes) ?? [],
      )
      fieldsOf.set(possible.name, fields)
      estimate = Math.max(estimate, sum(fields, estimateOf))
    }
    return { estimate, fieldsOf }
  }

  const fieldOf = (
    parent: GraphQLObjectType,
    name: string,
    nodes: readonly FieldNode[],
    sizes: Sizes,
  ): CostField | undefined => {
    if (++visited > maxVisited) throw tooComplex('costedFields', maxVisited, visited)
    const [node] = nodes
    const introspection = introspectionCosts.get(node!.name.value)
    if (introspection !== undefined) return leaf(name, introspection)
    const field = parent.getFields()[node!.name.value]
    // Not of this graph: the planner will say so.
    if (!field) return undefined
    const type = getNamedType(field.type)
    const values = getArgumentValues(field, node!, variables)
    const { own, below: sizesBelow } = sizesOf(model, `${parent.name}.${field.name}`, field, values)
    const listed = isListType(getNullableType(field.type))
    const sets = nodes.flatMap(({ selectionSet }) => selectionSet ?? [])
    const costs: CostField = {
      name,
      weight: model.weightOf(field, type),
      argumentsCost: model.argumentsCost(field, values),
      size: listed ? (sizes.get(field.name) ?? own ?? defaultListSize) : 1,
      listed,
      below: isCompositeType(type) ? select(type, sets, sizesBelow) : undefined,
    }
    return costs.weight === 0 && costs.argumentsCost === 0 && !costs.below?.estimate ? undefined : costs
  }

  const root = schema.getRootType(definition.operation)!
  const base = definition.operation === 'mutation' ? mutationCost : 0
  const whole = select(root, [definition.selectionSet], noSizes)
  return {
    estimate: base + whole.estimate,
    actual: (data, errors) => base + actualBelow(whole, data, holesOf(errors)),
  }
}

type Sizes = ReadonlyMap<string, number>
const noSizes: Sizes = new Map()

const leaf = (name: string, weight: number): CostField | undefined =>
  weight === 0 ? undefined : { name, weight, argumentsCost: 0, size: 1, listed: false, below: undefined }

const estimateOf = ({ weight, argumentsCost, size, below }: CostField): number =>
  argumentsCost + size * (weight + (below?.estimate ?? 0))

const sum = (fields: readonly CostField[], cost: (field: CostField) => number) =>
  fields.reduce((total, field) => total + cost(field), 0)

/** How many items a field's arguments ask for: of itself, or of the fields below that `sizedFields` names. */
function sizesOf(
  model: CostModel,
  coordinate: string,
  field: GraphQLField<unknown, unknown>,
  values: Readonly<Record<string, unknown>>,
): { own: number | undefined; below: Sizes } {
  const listSize = model.listSizeOf(field)
  if (!listSize) return { own: undefined, below: noSizes }
  const { slicingArguments, sizedFields, assumedSize, requireOneSlicingArgument } = listSize
  const given = slicingArguments.filter((name) => typeof values[name] === 'number')
  if (slicingArguments.length > 0 && requireOneSlicingArgument && given.length !== 1)
    throw codedError(
      'BAD_USER_INPUT',
      `${coordinate}: expected one of the arguments ${slicingArguments.join(', ')}; got ${given.join(', ') || 'none'}`,
    )
  const asked = given.map((name) => values[name] as number)
  const size = asked.length > 0 ? Math.max(0, ...asked) : (assumedSize ?? defaultListSize)
  return sizedFields.length > 0
    ? { own: undefined, below: new Map(sizedFields.map((name) => [name, size])) }
    : { own: size, below: noSizes }
}

/** Where errors left nothing: what was done there cannot be told from what came. */
interface Hole {
  readonly below: Map<string | number, Hole>
}

function holesOf(errors: readonly GraphQLError[]): Hole | undefined {
  if (errors.length === 0) return undefined
  const root: Hole = { below: new Map() }
  for (const { path } of errors) {
    let hole = root
    for (const step of path ?? []) {
      const next = hole.below.get(step) ?? { below: new Map() }
      hole.below.set(step, next)
      hole = next
    }
  }
  return root
}

/**
 * Where nothing came, and an error says so, the estimate stands: the work may have been done. Where nothing came
 * because there is nothing, only the asking is paid.
 */
function actualBelow(selected: Selected, value: unknown, hole: Hole | undefined): number {
  if (value === null || typeof value !== 'object') return hole ? selected.estimate : 0
  const object = value as Readonly<Record<string, unknown>>
  const fields = selected.fieldsOf.get(object.__typename as string)
  const possible = fields ? [fields] : [...selected.fieldsOf.values()]
  return possible.reduce(
    (dearest, one) =>
      Math.max(
        dearest,
        sum(one, (field) => actualOf(field, object[field.name], hole?.below.get(field.name))),
      ),
    0,
  )
}

function actualOf(field: CostField, value: unknown, hole: Hole | undefined): number {
  if (value === null || value === undefined) return hole ? estimateOf(field) : field.argumentsCost + field.weight
  return field.argumentsCost + itemsCost(field, value, hole)
}

function itemsCost(field: CostField, value: unknown, hole: Hole | undefined): number {
  if (Array.isArray(value))
    return value.reduce<number>((total, item, index) => total + itemsCost(field, item, hole?.below.get(index)), 0)
  return field.weight + (field.below ? actualBelow(field.below, value, hole) : 0)
}
