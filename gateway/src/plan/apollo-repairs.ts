/**
 * Repairs of Apollo's planner, where its own classes can be reached.
 *
 * Before a subgraph computes a field from others (`@requires`), the planner tries to move what is needed into the fetch of
 * another subgraph that comes before, and asks of a selection whether that subgraph could give it. It counts fields that
 * the other one only names (`@external`) or computes in turn. And where what is needed is computed itself, it forgets the
 * inputs of that. A subgraph is then asked for what it does not have, or computes from nothing.
 */
import {
  baseType,
  type CompositeType,
  federationMetadata,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  SelectionSet,
  type Supergraph,
} from '@apollo/federation-internals'

/** The schemas of subgraphs of graphs in which a field is computed from a computed one: nothing is moved there. */
const withChains = new WeakSet<object>()
let repaired = false

/** Repairs the planner of this thread. */
export function repairApolloPlanner(supergraph: Supergraph, hasChains: boolean): void {
  if (hasChains) for (const { schema } of supergraph.subgraphs()) withChains.add(schema)
  if (repaired) return
  repaired = true
  const { canRebaseOn } = SelectionSet.prototype
  SelectionSet.prototype.canRebaseOn = function (this: SelectionSet, type: CompositeType) {
    return canRebaseOn.call(this, type) && !withChains.has(type.schema()) && isOwned(this, type)
  }
}

/** Whether a subgraph has all of a selection by itself, whatever it is sent. */
function isOwned(selection: SelectionSet, type: CompositeType): boolean {
  const metadata = federationMetadata(type.schema())
  if (!metadata) return true
  return selection.selections().every((node) => {
    if (node.kind === 'FragmentSelection') {
      const condition = node.element.typeCondition
      const on = condition ? type.schema().type(condition.name) : type
      return !on || !isCompositeType(on) || isOwned(node.selectionSet, on)
    }
    const field = isObjectType(type) || isInterfaceType(type) ? type.field(node.element.name) : undefined
    if (!field) return true
    if (metadata.isFieldExternal(field) || field.hasAppliedDirective(metadata.requiresDirective())) return false
    const returned = baseType(field.type!)
    return !node.selectionSet || !isCompositeType(returned) || isOwned(node.selectionSet, returned)
  })
}
