import type { Reply } from './exchange.ts'

/** Whether a reply says in no GraphQL that the subgraph, or what stands before it, could not serve: its own text says nothing. */
export const isBareFailure = ({ status, json }: Reply): boolean => status >= 500 && !isGraphQL(json)

function isGraphQL(json: unknown): boolean {
  const { data, errors } = (json ?? {}) as { data?: unknown; errors?: unknown }
  return typeof data === 'object' || Array.isArray(errors)
}
