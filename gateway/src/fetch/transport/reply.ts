import type { Reply } from './exchange.ts'

/** Whether a reply says in no GraphQL that the subgraph, or what stands before it, could not serve: its own text says nothing. */
export const isBareFailure = ({ status, text }: Reply): boolean => status >= 500 && !isGraphQL(text)

function isGraphQL(text: string): boolean {
  try {
    const answer = JSON.parse(text)
    return typeof answer?.data === 'object' || Array.isArray(answer?.errors)
  } catch {
    return false
  }
}
