import type { IncomingMessage, ServerResponse } from 'node:http'
import { CONSISTENCY_HEADER } from '@fundmesh/platform/grants/consistency-token'
import type { Caller } from '@fundmesh/platform/identity/caller'
import type { Logger } from '@fundmesh/platform/telemetry/log'
import { failedAnswer } from '../errors/answer.ts'
import type { Authenticate } from './authentication.ts'
import { corsHeaders } from './cors.ts'
import { bodyBytes, parsedBody } from './json-body.ts'
import { acceptedJson } from './negotiation.ts'
import type { Answer } from './options.ts'
import { parametersOf } from './parameters.ts'
import { type AnswerResult, type Reply, replyTo } from './reply.ts'
import { addReplyHeaders } from './reply-headers.ts'
import { isPlain } from './strict-text.ts'

/** A request that turned out to be answered by a stream, which graphql-yoga writes. */
export interface HandedOver {
  readonly caller: Caller
  readonly body: Buffer
  readonly replyHeaders: Map<string, string>
  readonly results: AsyncIterable<AnswerResult>
}

export interface LeanPostOptions {
  readonly authenticate: Authenticate
  readonly answer: Answer
  readonly corsOrigins: readonly string[]
  readonly handOver: (request: IncomingMessage, response: ServerResponse, given: HandedOver) => void
  readonly log: Logger
}

/** Whether a request is a GraphQL request as JSON, whose answer the client takes as JSON. */
export const isLean = ({ method, url, headers }: IncomingMessage): boolean =>
  method === 'POST' &&
  (url === '/graphql' || url?.startsWith('/graphql?') === true) &&
  isPlainJson(headers['content-type'], headers['content-encoding']) &&
  acceptedJson(headers.accept) !== undefined

/** No page of another origin can send this without asking first, so CSRF prevention has nothing to say here (csrf.ts). */
const isPlainJson = (contentType: string | undefined, encoding: string | undefined): boolean =>
  (contentType === 'application/json' && encoding === undefined) ||
  (/^application\/json\s*(;[^,]*)?$/i.test(contentType ?? '') && isPlain(contentType, encoding))

export function leanPost({ authenticate, answer, corsOrigins, handOver, log }: LeanPostOptions) {
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { headers } = request
    const cors = corsHeaders(corsOrigins, headers.origin)
    const entered = await authenticate(request)
    if ('refusal' in entered) return send(response, entered.refusal, cors)

    const { caller } = entered
    const replyHeaders = new Map<string, string>()
    const client = new AbortController()
    response.once('close', () => !response.writableFinished && client.abort())
    let result: AnswerResult | AsyncIterable<AnswerResult>
    try {
      const body = await bodyBytes(request)
      if (!body) return
      const parameters = parametersOf(parsedBody(body))
      result = await answer(
        { ...parameters, method: 'POST', consistency: headers[CONSISTENCY_HEADER] },
        { caller, channel: 'GRAPHQL', atLeastEpoch: 0, replyHeaders, signal: client.signal },
      )
      if (isStream(result)) return handOver(request, response, { caller, body, replyHeaders, results: result })
    } catch (error) {
      // Nobody reads what became of it.
      if (client.signal.aborted) return
      result = failedAnswer(error, log)
    }
    send(response, replyTo(result, acceptedJson(headers.accept)!), cors, replyHeaders)
  }
}

const isStream = (result: AnswerResult | AsyncIterable<AnswerResult>): result is AsyncIterable<AnswerResult> =>
  Symbol.asyncIterator in result

function send(
  response: ServerResponse,
  { status, headers, body }: Reply,
  cors: Readonly<Record<string, string>>,
  replyHeaders?: ReadonlyMap<string, string>,
): void {
  if (response.destroyed) return
  const all: Record<string, string | number> = { ...headers, 'content-length': Buffer.byteLength(body), ...cors }
  if (replyHeaders) addReplyHeaders(replyHeaders, all)
  response.writeHead(status, all)
  response.end(body)
}
