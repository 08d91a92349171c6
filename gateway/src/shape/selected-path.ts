import type { SelectionSetNode } from 'graphql'
import { collectFields } from '../operation/collect-fields.ts'
import type { Operation } from '../operation/operation.ts'
import type { Path } from './run.ts'

/** The names that an operation selects, whatever the type of the objects turns out to be. */
interface Names {
  below(name: string): Names | undefined
}

/**
 * Gives an error's path as far as the operation selects it. A plan fetches more than was asked (keys, what a field
 * requires): where that fails, the error's place is what the client knows of, and no name of what it does not.
 */
export function selectedPaths(operation: Pick<Operation, 'definition' | 'fragments' | 'variables'>) {
  const names = (sets: readonly SelectionSetNode[]): Names => {
    const fields = collectFields(sets, () => true, operation)
    const known = new Map<string, Names>()
    return {
      below(name) {
        const nodes = fields.get(name)
        const before = known.get(name)
        if (before || !nodes) return before
        const found = names(nodes.flatMap(({ selectionSet }) => selectionSet ?? []))
        known.set(name, found)
        return found
      },
    }
  }
  const root = names([operation.definition.selectionSet])
  return (path: Path): Path => {
    let place: Names | undefined = root
    for (const [index, step] of path.entries()) {
      if (typeof step === 'number') continue
      place = place.below(step)
      if (!place) return path.slice(0, index)
    }
    return path
  }
}
