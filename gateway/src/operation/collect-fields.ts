import { type FieldNode, Kind, type SelectionSetNode } from 'graphql'
import { included } from './included.ts'
import type { Operation } from './operation.ts'

/**
 * The fields that selections of one object ask for, by their names in the answer and in its order: CollectFields of the
 * specification (section 6.3.2), with the selections of equal names side by side. `applies` tells whether a fragment on
 * a type is about the object.
 */
export function collectFields(
  selectionSets: readonly SelectionSetNode[],
  applies: (condition: string) => boolean,
  { fragments, variables }: Pick<Operation, 'fragments' | 'variables'>,
): ReadonlyMap<string, readonly FieldNode[]> {
  const fields = new Map<string, FieldNode[]>()
  const visited = new Set<string>()
  const collect = ({ selections }: SelectionSetNode): void => {
    for (const node of selections) {
      if (!included(node, variables)) continue
      if (node.kind === Kind.FIELD) {
        const name = (node.alias ?? node.name).value
        const same = fields.get(name)
        if (same) same.push(node)
        else fields.set(name, [node])
        continue
      }
      if (node.kind === Kind.FRAGMENT_SPREAD) {
        if (visited.has(node.name.value)) continue
        visited.add(node.name.value)
      }
      const fragment = node.kind === Kind.INLINE_FRAGMENT ? node : fragments[node.name.value]
      const condition = fragment?.typeCondition?.name.value
      if (fragment && (condition === undefined || applies(condition))) collect(fragment.selectionSet)
    }
  }
  selectionSets.forEach(collect)
  return fields
}
