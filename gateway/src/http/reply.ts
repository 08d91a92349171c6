import type { Logger } from '@fundmesh/platform/telemetry/log'
import { type ExecutionResult, GraphQLError, type GraphQLFormattedError } from 'graphql'
import { failedAnswer } from '../errors/answer.ts'
import type { ErrorCode } from '../errors/catalogue.ts'
import type { AcceptedJson } from './negotiation.ts'

/** What goes back over HTTP, before any transport's own headers. */
export interface Reply {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Uint8Array<ArrayBuffer>
}

/** A result, and its JSON where the road made that already. */
export type AnswerResult = ExecutionResult & { readonly body?: string | Uint8Array<ArrayBuffer> | undefined }

/** A result as JSON of the media type that the client accepts, with the status that the type wants (GraphQL over HTTP). */
export function replyTo(result: AnswerResult, accepted: AcceptedJson): Reply {
  return { status: statusOf(result, accepted), headers: headersOf[accepted.type], body: bodyOf(result) }
}

/** The reply to a request that is refused before it is read as GraphQL: the error of the catalogue, and its status. */
export function refusalOf(error: unknown, log: Logger): Reply {
  const failed = failedAnswer(error, log)
  return { status: statusOf(failed), headers: headersOf['application/json'], body: bodyOf(failed) }
}

/**
 * Mistakes in a document or its variables that came in a sound request. Whoever names `application/json` reads them
 * with status 200, as before there was a media type that tells a GraphQL server's answer from a proxy's.
 */
const ofTheDocument: ReadonlySet<unknown> = new Set<ErrorCode>([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'BAD_USER_INPUT',
])

function statusOf(result: ExecutionResult, accepted?: AcceptedJson): number {
  const { errors = [] } = result
  // What was executed is a success of HTTP, whatever became of its fields. Its data is not looked at: it may be text yet.
  if (errors.length === 0 || 'data' in result) return 200
  if (
    accepted?.type === 'application/json' &&
    accepted.named &&
    errors.every(({ extensions }) => ofTheDocument.has(extensions.code))
  )
    return 200
  const statuses = errors.map(({ extensions }) => extensions.http?.status ?? 500)
  return Math.max(...statuses)
}

function bodyOf(result: AnswerResult): string | Uint8Array<ArrayBuffer> {
  const { body, errors } = result
  if (body !== undefined) return body
  return JSON.stringify(errors === undefined ? result : { ...result, errors: errors.map(sent) })
}

/** An error without what is for the server only. */
function sent(error: GraphQLError | GraphQLFormattedError): GraphQLFormattedError {
  const { extensions: { http: _, ...extensions } = {}, ...told } =
    error instanceof GraphQLError ? error.toJSON() : error
  return { ...told, ...(Object.keys(extensions).length > 0 && { extensions }) }
}

/** With the type: an answer is not kept by anybody, unless the road says otherwise (with-cache-control.ts). */
const headersOf = {
  'application/json': { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' },
  'application/graphql-response+json': {
    'content-type': 'application/graphql-response+json; charset=utf-8',
    'cache-control': 'no-store',
  },
}
