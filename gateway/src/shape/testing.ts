/** An operation as the stages before shaping make it, for tests that begin with merged data. */
import type { GraphQLSchema } from 'graphql'
import type { PermittedOperation } from '../access/permit.ts'
import type { Fetched } from '../fetch/executor.ts'
import { understanding } from '../operation/understand.ts'
import type { Views } from '../view/views.ts'
import { type Completed, completion } from './complete.ts'

/** Completes merged data for queries on one schema. */
export function completing(schema: GraphQLSchema, strangers: ReadonlySet<string> = new Set()) {
  const understand = understanding({ schema, fingerprint: 'all', introspection: true })
  const complete = completion({ graph: () => ({ schema, strangers }) } as unknown as Pick<Views, 'graph'>)
  return (
    query: string,
    data: Fetched['data'],
    asked: { variables?: object; errors?: Fetched['errors']; isPlain?: boolean } = {},
  ): Completed => {
    const operation = understand({ method: 'POST', query, variables: asked.variables })
    const permitted = { ...operation, asked: operation, denied: [], dryRun: false, planKey: '', taken: undefined }
    return complete(permitted as unknown as PermittedOperation, {
      data,
      errors: asked.errors ?? [],
      isPlain: asked.isPlain,
    })
  }
}
