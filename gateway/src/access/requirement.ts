/**
 * What one place of the graph asks of a caller. `@requiresScopes` and `@policy` list alternatives, each of them names
 * that must all be held: an OR of ANDs. As composition has it, no alternative at all asks nothing.
 */
import type { Rights } from './rights.ts'

export type AnyOf = readonly (readonly string[])[]

export interface Requirement {
  readonly authenticated: boolean
  readonly scopes: AnyOf
  readonly policies: AnyOf
}

/** Each of them must be met. Empty: public. */
export type Requirements = readonly Requirement[]

const holdsAny = (held: ReadonlySet<string>, alternatives: AnyOf) =>
  alternatives.length === 0 || alternatives.some((names) => names.every((name) => held.has(name)))

export const met = (requirements: Requirements, rights: Rights): boolean =>
  requirements.every(
    ({ authenticated, scopes, policies }) =>
      (rights.authenticated || !authenticated) &&
      holdsAny(rights.scopes, scopes) &&
      holdsAny(rights.policies, policies),
  )

/** Each requirement once. */
export function together(...groups: readonly Requirements[]): Requirements {
  const found = new Map<string, Requirement>()
  for (const requirement of groups.flat()) found.set(JSON.stringify(requirement), requirement)
  return [...found.values()]
}

/** Whether everyone who meets the first meets the second. */
export function implies(first: Requirements, second: Requirements): boolean {
  const scopes = product(first.map((requirement) => requirement.scopes))
  const policies = product(first.map((requirement) => requirement.policies))
  const authenticated = first.some((requirement) => requirement.authenticated)
  return second.every(
    (requirement) =>
      (authenticated || !requirement.authenticated) &&
      scopes.every((held) => holdsAny(held, requirement.scopes)) &&
      policies.every((held) => holdsAny(held, requirement.policies)),
  )
}

/** Every least set of names that meets all of them. */
function product(conjuncts: readonly AnyOf[]): readonly ReadonlySet<string>[] {
  let sets: readonly ReadonlySet<string>[] = [new Set()]
  for (const alternatives of conjuncts) {
    if (alternatives.length === 0) continue
    sets = least(sets.flatMap((set) => alternatives.map((names) => new Set([...set, ...names]))))
  }
  return sets
}

/** Without the sets that hold another one: whoever has them has that one. */
function least(sets: readonly ReadonlySet<string>[]): readonly ReadonlySet<string>[] {
  const kept: ReadonlySet<string>[] = []
  for (const set of [...sets].sort((one, other) => one.size - other.size)) {
    if (!kept.some((smaller) => [...smaller].every((name) => set.has(name)))) kept.push(set)
  }
  return kept
}
