import type { Supergraph } from '@apollo/federation-internals'
import { readDirectives } from './directives.ts'

/** The policies that a graph names and that no Cedar policy answers for: they are denied to everyone. Name → coordinates. */
export function unansweredPolicies(
  { schema }: Pick<Supergraph, 'schema'>,
  answered: ReadonlySet<string>,
): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>()
  for (const [coordinate, requirements] of readDirectives(schema)) {
    for (const name of new Set(requirements.flatMap(({ policies }) => policies.flat()))) {
      if (!answered.has(name)) found.set(name, [...(found.get(name) ?? []), coordinate])
    }
  }
  return found
}
