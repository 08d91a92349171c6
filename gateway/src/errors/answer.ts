import type { Logger } from '@fundmesh/platform/telemetry/log'
import { type ExecutionResult, GraphQLError } from 'graphql'
import { codedError, isErrorCode } from './catalogue.ts'

/** The answer to a request that failed as a whole. What is not of the catalogue is ours: logged here once, and masked. */
export function failedAnswer(error: unknown, log: Logger): ExecutionResult & { errors: readonly GraphQLError[] } {
  const errors = error instanceof AggregateError ? error.errors : [error]
  return {
    errors: errors.map((one) => {
      if (one instanceof GraphQLError && isErrorCode(one.extensions.code)) return one
      log.error({ err: one }, 'a request failed')
      return codedError('INTERNAL_SERVER_ERROR')
    }),
  }
}
