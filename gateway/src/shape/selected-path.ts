import { type FieldNode, Kind, type SelectionSetNode } from 'graphql'
import type { Operation } from '../operation/operation.ts'

type Path = readonly (string | number)[]

/**
 * An error's path as far as the operation selects it. A plan fetches more than was asked (keys, what a field requires):
 * where that fails, the error's place is what the client knows of, and no name of what it does not.
 */
export function selectedPath({ definition, fragments }: Pick<Operation, 'definition' | 'fragments'>, path: Path): Path {
  const fieldsNamed = (name: string, selections: SelectionSetNode['selections']): FieldNode[] =>
    selections.flatMap((node) => {
      if (node.kind === Kind.FIELD) return (node.alias ?? node.name).value === name ? [node] : []
      const { selectionSet } = node.kind === Kind.INLINE_FRAGMENT ? node : fragments[node.name.value]!
      return fieldsNamed(name, selectionSet.selections)
    })

  let selections = definition.selectionSet.selections
  for (const [index, step] of path.entries()) {
    if (typeof step === 'number') continue
    const fields = fieldsNamed(step, selections)
    if (fields.length === 0) return path.slice(0, index)
    selections = fields.flatMap((field) => field.selectionSet?.selections ?? [])
  }
  return path
}
