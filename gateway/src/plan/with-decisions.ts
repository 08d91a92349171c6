/**
 * Where a computed field (`@requires`) hangs on a condition, the planner puts what it takes on the same condition, and
 * asks for others of its subgraph with a representation that holds what it takes: where the field is left out, nothing can
 * be said, and the others are lost. So conditions on and around computed fields are decided before planning, by the
 * variables' values; there is a plan for each combination that is asked.
 */
import { isInterfaceType, isObjectType, JOIN_VERSIONS, type Schema } from '@apollo/federation-internals'
import { type DirectiveNode, Kind, type OperationDefinitionNode, type SelectionSetNode } from 'graphql'
import type { Operation } from '../operation/operation.ts'
import type { Planner } from './planner.ts'

export function withDecisions(planner: Planner, schema: Schema): Planner {
  const computed = computedNames(schema)
  if (computed.size === 0) return planner
  const known = new WeakMap<OperationDefinitionNode, readonly string[]>()
  const variablesOf = (operation: Operation) => {
    const before = known.get(operation.definition)
    if (before) return before
    const variables = variablesAround(computed, operation)
    known.set(operation.definition, variables)
    return variables
  }
  return {
    plan(operation, overrides) {
      const decided = variablesOf(operation).flatMap((name) => {
        const value = operation.variables[name]
        return typeof value === 'boolean' ? [[name, value] as const] : []
      })
      return planner.plan(operation, overrides, decided)
    },
  }
}

/** By name alone: that of another type's field decides a condition too many, which changes nothing. */
function computedNames(schema: Schema): ReadonlySet<string> {
  const joinField = schema.coreFeatures!.getByIdentity(JOIN_VERSIONS.identity)!.directiveNameInSchema('field')
  const names = new Set<string>()
  for (const type of schema.types()) {
    if (!isObjectType(type) && !isInterfaceType(type)) continue
    for (const field of type.fields())
      if (field.appliedDirectivesOf(joinField).some((applied) => applied.arguments().requires !== undefined))
        names.add(field.name)
  }
  return names
}

/** The variables of the conditions on fields of these names, and on all that is around them. */
function variablesAround(
  names: ReadonlySet<string>,
  { definition, fragments }: Pick<Operation, 'definition' | 'fragments'>,
): readonly string[] {
  const found = new Set<string>()
  const within = new Map<string, boolean>()

  const isWithin = (name: string): boolean => {
    const before = within.get(name)
    if (before !== undefined) return before
    const fragment = fragments[name]
    const is = fragment !== undefined && look(fragment.selectionSet)
    within.set(name, is)
    return is
  }
  /** Whether one is in there. */
  const look = ({ selections }: SelectionSetNode): boolean => {
    let any = false
    for (const node of selections) {
      const isHere =
        node.kind === Kind.FRAGMENT_SPREAD
          ? isWithin(node.name.value)
          : [node.kind === Kind.FIELD && names.has(node.name.value), node.selectionSet && look(node.selectionSet)].some(
              Boolean,
            )
      if (!isHere) continue
      any = true
      for (const variable of (node.directives ?? []).flatMap(conditionOf)) found.add(variable)
    }
    return any
  }
  look(definition.selectionSet)
  return [...found]
}

function conditionOf({ name, arguments: given = [] }: DirectiveNode): readonly string[] {
  if (name.value !== 'skip' && name.value !== 'include') return []
  return given.flatMap(({ value }) => (value.kind === Kind.VARIABLE ? [value.name.value] : []))
}
