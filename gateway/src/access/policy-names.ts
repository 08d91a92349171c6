import { PolicySpecDefinition, type Supergraph } from '@apollo/federation-internals'

/** The policies that a graph names and that no Cedar policy answers for: they are denied to everyone. Name → coordinates. */
export function unansweredPolicies(
  { schema }: Supergraph,
  answered: ReadonlySet<string>,
): ReadonlyMap<string, readonly string[]> {
  const feature = schema.coreFeatures?.getByIdentity(PolicySpecDefinition.identity)
  const directive = feature && schema.directive(feature.directiveNameInSchema('policy'))
  const found = new Map<string, string[]>()
  for (const application of directive?.applications() ?? []) {
    const { policies } = application.arguments() as { policies: readonly (readonly string[])[] }
    const coordinate = (application.parent as { coordinate?: string }).coordinate ?? ''
    for (const name of policies.flat()) {
      if (!answered.has(name)) found.set(name, [...(found.get(name) ?? []), coordinate])
    }
  }
  return found
}
