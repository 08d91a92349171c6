import type { FetchNode, PlanNode, SubscriptionNode } from '@apollo/query-planner'

/** The fetches of a plan, whatever their order. */
export function fetchesOf(node: PlanNode | SubscriptionNode | undefined): readonly FetchNode[] {
  switch (node?.kind) {
    case undefined:
      return []
    case 'Fetch':
      return [node]
    case 'Flatten':
      return fetchesOf(node.node)
    case 'Sequence':
    case 'Parallel':
      return node.nodes.flatMap(fetchesOf)
    case 'Condition':
      return [...fetchesOf(node.ifClause), ...fetchesOf(node.elseClause)]
    case 'Subscription':
      return [node.primary, ...fetchesOf(node.rest)]
    case 'Defer':
      return [node.primary, ...node.deferred].flatMap((part) => fetchesOf(part.node))
  }
}
