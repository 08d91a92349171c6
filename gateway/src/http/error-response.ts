import type { Logger } from '@fundmesh/platform/telemetry/log'
import { failedAnswer } from '../errors/answer.ts'

/** The answer to a request that is refused before it is read as GraphQL: the error of the catalogue, and its status. */
export function errorResponse(error: unknown, log: Logger): Response {
  const { errors } = failedAnswer(error, log)
  const { http, ...extensions } = errors[0]!.extensions as { http: { status: number } }
  return Response.json({ errors: [{ message: errors[0]!.message, extensions }] }, { status: http.status })
}
