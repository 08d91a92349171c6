import type { GraphQLSchema } from 'graphql'
import { copyOf, type Data, isData } from './data.ts'
import type { AskedLookup } from './fetch-errors.ts'
import { merge } from './merge.ts'
import { rewrite } from './rewrites.ts'

/**
 * Merges entities into all who stand behind them. Gives the places of those that are no entities.
 *
 * What stands below an entity may be one object at several places where whatever is merged into it later is the same for
 * all of them: at the places of one use, where the program shares. Every other place has a copy of its own.
 */
export function mergeEntities(
  schema: GraphQLSchema,
  { lookup: { document, naming, rewrites }, batch: { targets, indexes, uses } }: AskedLookup,
  received: readonly unknown[],
  shares: boolean,
): readonly number[] {
  const wrong: number[] = []
  const firsts = new Array<number>(received.length).fill(-1)
  const given: (Data | undefined)[] = []
  /** What each use was given first. */
  const shared = new Map<number, Data>()

  // Copies are made before anything is merged: merging takes the original's parts.
  for (let at = 0; at < targets.length; at += 1) {
    const index = indexes[at]!
    const entity = received[index]
    if (!isData(entity)) {
      if (entity !== null && firsts[index] === -1) wrong.push(index)
      firsts[index] = at
      given.push(undefined)
      continue
    }
    if (firsts[index] === -1) {
      firsts[index] = at
      for (const name of document.vagueTypeNames) {
        if (naming.interfaces.has(entity[name] as string)) entity[name] = undefined
      }
      rewrite(schema, rewrites, entity, targets[at]!.__typename)
      given.push(entity)
    } else if (shares && uses[firsts[index]!] === uses[at]) {
      given.push(entity)
    } else {
      const key = uses[at]! * received.length + index
      const copy = (shares && shared.get(key)) || copyOf(entity)
      if (shares) shared.set(key, copy)
      given.push(copy)
    }
  }
  for (let at = 0; at < targets.length; at += 1) {
    const entity = given[at]
    if (entity) merge(targets[at]!, entity, naming)
  }
  return wrong
}
