/** Cursors that were given to somebody: others try to go on from them. */
import type { Random } from '@fundmesh/platform/testing/random'

export interface CursorMemory {
  /** `field` is the connection that it continues, `Query.funds`. */
  remember(cursor: string, field: string, tenant: number): void
  of(field: string, chance: Random): string | undefined
  /** To whom it was given. */
  owner(cursor: unknown): number | undefined
}

const keptOfEach = 32

export function cursorMemory(): CursorMemory {
  const byField = new Map<string, string[]>()
  const owners = new Map<string, number>()
  return {
    remember(cursor, field, tenant) {
      if (owners.has(cursor)) return
      const kept = byField.get(field) ?? []
      byField.set(field, kept)
      owners.set(cursor, tenant)
      kept.push(cursor)
      if (kept.length > keptOfEach) owners.delete(kept.shift()!)
    },
    of(field, chance) {
      const kept = byField.get(field)
      return kept && chance.pick(kept)
    },
    owner: (cursor) => (typeof cursor === 'string' ? owners.get(cursor) : undefined),
  }
}
