import type { GraphQLSchema, OperationDefinitionNode } from 'graphql'
import type { PermittedOperation } from '../access/permit.ts'
import { cachePolicy } from '../http/with-cache-control.ts'
import type { CacheHints } from '../supergraph/cache-hints.ts'

/** Whether a team says of something that is selected that it is only for who asked: `@cacheControl(scope: PRIVATE)`. */
export function isOwn(
  hints: CacheHints,
  schemaOf: (operation: { readonly view: string }) => GraphQLSchema,
): (operation: PermittedOperation) => boolean {
  if (![...hints.values()].some(({ isPrivate }) => isPrivate)) return () => false
  const known = new WeakMap<OperationDefinitionNode, boolean>()
  return ({ asked }) => {
    const before = known.get(asked.definition)
    if (before !== undefined) return before
    const { isPrivate } = cachePolicy(asked, schemaOf(asked), hints)
    known.set(asked.definition, isPrivate)
    return isPrivate
  }
}
