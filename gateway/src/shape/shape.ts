import { type ExecutionResult, GraphQLError } from 'graphql'
import type { Fetched } from '../fetch/executor.ts'
import { restoreAliases, restorePath } from '../operation/aliases.ts'
import type { Operation } from '../operation/understand.ts'
import { selectedPath } from './selected-path.ts'

/** The answer as the client reads it: its own names, the errors' places in them, and the `knownAt` that was used. */
export function shape(operation: Operation, { data, errors }: Fetched): ExecutionResult {
  return {
    ...(errors.length > 0 && {
      errors: errors.map(
        (error) =>
          new GraphQLError(error.message, {
            path: restorePath(error.path && selectedPath(operation, error.path)) ?? null,
            extensions: error.extensions,
          }),
      ),
    }),
    data: restoreAliases(data) as Record<string, unknown> | null,
    extensions: { knownAt: operation.knownAt },
  }
}
