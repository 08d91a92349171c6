import { type ExecutionResult, GraphQLError } from 'graphql'
import type { PermittedOperation } from '../access/permit.ts'
import type { Charge } from '../budget/budget.ts'
import { partialError } from '../errors/catalogue.ts'
import type { Fetched } from '../fetch/executor.ts'
import { restoreAliases, restorePath } from '../operation/aliases.ts'
import { conceal } from './conceal.ts'
import { selectedPath } from './selected-path.ts'

/**
 * The answer as the client reads it: its own names, the errors' places in them, the `knownAt` that was used, and the cost
 * of what is shown: the cost of what is concealed would tell that it is there.
 */
export function shape(
  operation: PermittedOperation,
  { data, errors }: Fetched,
  settle?: Charge['settle'],
): ExecutionResult {
  const { taken, denied, dryRun } = operation
  const shown = taken ? conceal(operation, taken, data) : { data, denied: [] }
  const cost = settle?.({ data: shown.data, errors })
  const refused = dryRun ? [] : [...denied, ...shown.denied]
  const all = [
    ...errors.map(
      (error) =>
        new GraphQLError(error.message, {
          path: restorePath(error.path && selectedPath(operation.asked, error.path)) ?? null,
          extensions: error.extensions,
        }),
    ),
    ...refused.map(({ path }) => partialError('UNAUTHORIZED_FIELD_OR_TYPE', undefined, { path })),
  ]
  return {
    ...(all.length > 0 && { errors: all }),
    data: restoreAliases(shown.data) as Record<string, unknown> | null,
    extensions: { knownAt: operation.knownAt, ...(cost && { cost }) },
  }
}
