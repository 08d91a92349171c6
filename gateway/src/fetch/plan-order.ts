/**
 * The order that a plan's tree says: its fetches in a list, each with those that must be answered before it, the path and
 * the conditions around it.
 */
import type { FetchNode, PlanNode, ResponsePath, SubscriptionNode } from '@apollo/query-planner'

/** A variable of `@skip` or `@include`, and what it must be. */
export interface Condition {
  readonly variable: string
  readonly is: boolean
}

export interface OrderedFetch {
  readonly node: FetchNode
  readonly path: ResponsePath
  /** All of them must hold. */
  readonly conditions: readonly Condition[]
  /** Places in the list. */
  readonly after: readonly number[]
}

export function inOrder(plan: PlanNode | SubscriptionNode | undefined): readonly OrderedFetch[] {
  const fetches: OrderedFetch[] = []

  /** Gives the fetches that whatever follows the node must wait for. */
  const enter = (
    node: PlanNode | SubscriptionNode | undefined,
    after: readonly number[],
    path: ResponsePath,
    conditions: readonly Condition[],
  ): readonly number[] => {
    switch (node?.kind) {
      case undefined:
        return after
      case 'Fetch':
        fetches.push({ node, path, conditions, after })
        return [fetches.length - 1]
      case 'Flatten':
        return enter(node.node, after, [...path, ...node.path], conditions)
      case 'Sequence':
        return node.nodes.reduce((last, one) => enter(one, last, path, conditions), after)
      case 'Parallel':
        return node.nodes.length > 0 ? union(node.nodes.map((one) => enter(one, after, path, conditions))) : after
      case 'Condition': {
        const { condition: variable, ifClause, elseClause } = node
        return union([
          enter(ifClause, after, path, [...conditions, { variable, is: true }]),
          enter(elseClause, after, path, [...conditions, { variable, is: false }]),
        ])
      }
      case 'Subscription':
        return enter(node.rest, enter(node.primary, after, path, conditions), path, conditions)
      case 'Defer': {
        const primary = enter(node.primary.node, after, path, conditions)
        return union([primary, ...node.deferred.map((part) => enter(part.node, primary, path, conditions))])
      }
    }
  }
  enter(plan, [], [], [])
  return fetches
}

const union = (lists: readonly (readonly number[])[]): readonly number[] => [...new Set(lists.flat())]
