/**
 * A plan that leaves out what was asked would be answered with null and without an error. Apollo's planner leaves out a
 * root field where no object behind its interface or union has what is selected.
 */

import type { FetchNode, PlanNode, SubscriptionNode } from '@apollo/query-planner'
import {
  type DocumentNode,
  Kind,
  type OperationDefinitionNode,
  parse,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql'
import type { Plan } from './planner.ts'

/** Throws where a field of the operation's root is fetched nowhere. */
export function assertRootsAreFetched(plan: Plan, document: string, operationName: string | undefined): void {
  const fetched = new Set(rootFetches(plan.node).flatMap(({ operation }) => rootsOf(parse(operation))))
  const missing = rootsOf(parse(document), operationName).find((name) => !fetched.has(name))
  if (missing !== undefined) throw new Error(`the plan leaves out ${missing}`)
}

/** The fetches of a plan that ask for fields of the root, not of entities within the answer. */
function rootFetches(node: PlanNode | SubscriptionNode | undefined): readonly FetchNode[] {
  switch (node?.kind) {
    case undefined:
    case 'Flatten':
      return []
    case 'Fetch':
      return [node]
    case 'Sequence':
    case 'Parallel':
      return node.nodes.flatMap(rootFetches)
    case 'Condition':
      return [...rootFetches(node.ifClause), ...rootFetches(node.elseClause)]
    case 'Subscription':
      return [node.primary]
    case 'Defer':
      return [node.primary, ...node.deferred].flatMap((part) => rootFetches(part.node))
  }
}

/** Under which names a document asks for fields of the root, introspection and what is always left out aside. */
function rootsOf(document: DocumentNode, operationName?: string): readonly string[] {
  const operations = document.definitions.filter(
    (node): node is OperationDefinitionNode => node.kind === Kind.OPERATION_DEFINITION,
  )
  const operation = operations.find(({ name }) => operationName === undefined || name?.value === operationName)!
  const fragments = new Map(
    document.definitions.flatMap((node) => (node.kind === Kind.FRAGMENT_DEFINITION ? [[node.name.value, node]] : [])),
  )
  const roots = ({ selections }: SelectionSetNode, conditions: Conditions): readonly string[] =>
    selections.flatMap((node) => {
      const under = within(conditions, node)
      if (!under) return []
      if (node.kind === Kind.FIELD) return node.name.value.startsWith('__') ? [] : [(node.alias ?? node.name).value]
      return roots((node.kind === Kind.FRAGMENT_SPREAD ? fragments.get(node.name.value)! : node).selectionSet, under)
    })
  return roots(operation.selectionSet, new Map())
}

/** What the variables of `@skip` and `@include` must be for a selection to be in the operation. */
type Conditions = ReadonlyMap<string, boolean>

/** The conditions of a selection too; undefined: it is never in the operation. */
function within(conditions: Conditions, { directives = [] }: SelectionNode): Conditions | undefined {
  const all = new Map(conditions)
  for (const { name, arguments: [condition] = [] } of directives) {
    if (name.value !== 'skip' && name.value !== 'include') continue
    const wanted = name.value === 'include'
    if (condition?.value.kind === Kind.BOOLEAN && condition.value.value !== wanted) return undefined
    if (condition?.value.kind !== Kind.VARIABLE) continue
    const variable = condition.value.name.value
    if ((all.get(variable) ?? wanted) !== wanted) return undefined
    all.set(variable, wanted)
  }
  return all
}
