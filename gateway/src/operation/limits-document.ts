/**
 * Measures a parsed document before it is validated. Fragments are counted as if they were spread, and never are: a
 * fragment is measured once, and what it measures is added wherever it is spread.
 */
import {
  type DirectiveNode,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  Kind,
  type SelectionSetNode,
  type ValueNode,
} from 'graphql'
import { codedError } from '../errors/catalogue.ts'
import { check } from './limits.ts'

interface Measure {
  readonly selections: number
  readonly aliases: number
  readonly directives: number
  /** Fields at this level itself. */
  readonly fields: number
  readonly depth: number
  /** Lists of introspection within each other. */
  readonly introspection: number
}

const nothing: Measure = { selections: 0, aliases: 0, directives: 0, fields: 0, depth: 0, introspection: 0 }
const introspectionLists = new Set(['fields', 'interfaces', 'possibleTypes', 'inputFields'])

type Fragments = ReadonlyMap<string, FragmentDefinitionNode>

/** Throws OPERATION_TOO_COMPLEX for what the validator should not be asked about, and GRAPHQL_VALIDATION_FAILED for a fragment without end. */
export function checkDocument(document: DocumentNode): void {
  const operations = document.definitions.filter((node) => node.kind === Kind.OPERATION_DEFINITION)
  const definitions = document.definitions.filter((node) => node.kind === Kind.FRAGMENT_DEFINITION)
  check('operations', operations.length)
  check('fragments', definitions.length)
  const fragments: Fragments = new Map(definitions.map((node) => [node.name.value, node]))
  const measureOf = measuring(fragments)

  for (const node of [...operations, ...definitions]) {
    const measured = measureOf(node.selectionSet)
    check('depth', measured.depth)
    check('selections', measured.selections)
    check('aliases', measured.aliases)
    check('directives', measured.directives + checkDirectives(node.directives))
    if (node.kind === Kind.OPERATION_DEFINITION) {
      check('rootFields', measured.fields)
      for (const { variable, defaultValue, directives } of node.variableDefinitions ?? []) {
        checkDirectives(directives)
        if (defaultValue) checkValue(defaultValue)
        // An object's own prototype would stand in the place of the variable.
        if (variable.name.value === '__proto__')
          throw codedError('GRAPHQL_VALIDATION_FAILED', '$__proto__: expected another name of the variable')
      }
    }
  }
  // Last, as it spreads what was found to be small enough.
  let repeated = 0
  const count = (more: number) => {
    repeated += more
    check('repeatedFields', repeated)
  }
  for (const node of [...operations, ...definitions]) countRepeated([node.selectionSet], fragments, count)
}

function measuring(fragments: Fragments) {
  const known = new Map<string, Measure>()
  const open = new Set<string>()

  const measureFragment = (name: string): Measure => {
    const measured = known.get(name)
    if (measured) return measured
    const fragment = fragments.get(name)
    if (!fragment) return nothing
    if (open.has(name)) throw codedError('GRAPHQL_VALIDATION_FAILED', `fragment ${name}: expected not to spread itself`)
    open.add(name)
    const own = measureOf(fragment.selectionSet)
    open.delete(name)
    known.set(name, own)
    return own
  }

  const measureField = (node: FieldNode): Measure => {
    for (const { value } of node.arguments ?? []) checkValue(value)
    const below = node.selectionSet ? measureOf(node.selectionSet) : nothing
    const name = node.name.value
    if (name === '__schema' || name === '__type') check('introspectionDepth', below.introspection)
    return {
      selections: 1 + below.selections,
      aliases: (node.alias ? 1 : 0) + below.aliases,
      directives: below.directives,
      fields: 1,
      depth: 1 + below.depth,
      introspection: (introspectionLists.has(name) ? 1 : 0) + below.introspection,
    }
  }

  const measureOf = (selectionSet: SelectionSetNode): Measure => {
    let sum = nothing
    for (const node of selectionSet.selections) {
      const directives = checkDirectives(node.directives)
      const one =
        node.kind === Kind.FIELD
          ? measureField(node)
          : node.kind === Kind.INLINE_FRAGMENT
            ? measureOf(node.selectionSet)
            : measureFragment(node.name.value)
      sum = {
        selections: sum.selections + one.selections + (node.kind === Kind.FIELD ? 0 : 1),
        aliases: sum.aliases + one.aliases,
        directives: sum.directives + one.directives + directives,
        fields: sum.fields + one.fields,
        depth: Math.max(sum.depth, one.depth),
        introspection: Math.max(sum.introspection, one.introspection),
      }
    }
    return sum
  }
  return measureOf
}

/** How many directives stand at a place. */
function checkDirectives(directives: readonly DirectiveNode[] | undefined): number {
  const found = directives ?? []
  check('directivesPerNode', found.length)
  for (const directive of found) for (const { value } of directive.arguments ?? []) checkValue(value)
  return found.length
}

function checkValue(value: ValueNode): void {
  if (value.kind === Kind.LIST) check('listItems', value.values.length)
  for (const inner of within(value)) checkValue(inner)
}

const within = (value: ValueNode): readonly ValueNode[] =>
  value.kind === Kind.LIST ? value.values : value.kind === Kind.OBJECT ? value.fields.map((field) => field.value) : []

const sizeOf = (value: ValueNode): number => within(value).reduce((sum, inner) => sum + sizeOf(inner), 1)

/** Counts the pairs of fields that would become one, all the way down, with the arguments that are compared for it. */
function countRepeated(together: readonly SelectionSetNode[], fragments: Fragments, count: (pairs: number) => void) {
  const named = new Map<string, FieldNode[]>()
  const collect = (selectionSet: SelectionSetNode) => {
    for (const node of selectionSet.selections) {
      if (node.kind === Kind.FIELD) {
        const name = (node.alias ?? node.name).value
        const same = named.get(name)
        if (same) {
          const size = (node.arguments ?? []).reduce((sum, { value }) => sum + sizeOf(value), 1)
          count(same.length * size)
          same.push(node)
        } else named.set(name, [node])
        continue
      }
      const spread = node.kind === Kind.INLINE_FRAGMENT ? node : fragments.get(node.name.value)
      if (spread) collect(spread.selectionSet)
    }
  }
  together.forEach(collect)
  for (const same of named.values()) {
    const below = same.flatMap(({ selectionSet }) => (selectionSet ? [selectionSet] : []))
    if (below.length > 0) countRepeated(below, fragments, count)
  }
}
