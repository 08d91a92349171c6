/**
 * The HTTP edge: graphql-yoga reads the request and writes the answer (JSON, SSE, CORS, content negotiation); between
 * the two it hands over to our own roads.
 */
import type { IncomingMessage } from 'node:http'
import { CONSISTENCY_HEADER } from '@fundmesh/platform/grants/consistency-token'
import type { Caller } from '@fundmesh/platform/identity/caller'
import { NO_HEALTH_CHECK } from '@fundmesh/platform/service/http-service'
import type { Logger } from '@fundmesh/platform/telemetry/log'
import { type ExecutionResult, GraphQLError } from 'graphql'
import { createYoga, type Plugin } from 'graphql-yoga'
import type { Audit } from '../audit/audit.ts'
import { budgetHeaders } from '../budget/budget.ts'
import { failedAnswer } from '../errors/answer.ts'
import { codedError, type ErrorCode, isErrorCode } from '../errors/catalogue.ts'
import type { Explain } from '../explain/explain.ts'
import { presentedToken } from '../identity/bearer.ts'
import type { Enter } from '../identity/enter.ts'
import type { Asking, GraphQLRequest } from '../operation/request.ts'
import type { Views } from '../view/views.ts'
import { useCsrfPrevention } from './csrf.ts'
import { errorResponse } from './error-response.ts'
import { useExpiryWarning } from './expiry-warning.ts'
import { useExplain } from './explain-door.ts'
import { replyHeaders } from './reply-headers.ts'
import { useSchemaDownload } from './schema-download.ts'
import { useStrictText } from './strict-text.ts'

/** Answers a request of a verified caller: a result, or the results of a stream. */
export type Answer = (
  request: GraphQLRequest,
  asking: Asking,
) => Promise<ExecutionResult | AsyncIterable<ExecutionResult>>

export interface HttpOptions {
  readonly enter: Enter
  readonly views: Pick<Views, 'of'>
  readonly answer: Answer
  readonly audit: Pick<Audit, 'unauthenticated'>
  /** Left out: nothing is granted here that could be explained. */
  readonly explain?: Explain
  readonly corsOrigins: readonly string[]
  readonly csrfPrevention: boolean
  readonly log: Logger
}

/** Bytes of a request's body at the most. */
const maxBody = 1024 * 1024

export function httpHandler(options: HttpOptions) {
  const { enter, views, answer, audit, explain, corsOrigins, csrfPrevention, log } = options
  const headers = replyHeaders()
  return createYoga({
    graphqlEndpoint: '/graphql',
    plugins: [
      useAuthentication(enter, audit, log),
      useSchemaDownload(views, (request) => callers.get(request), log),
      ...(explain ? [useExplain(explain, (request) => callers.get(request), log)] : []),
      ...(csrfPrevention ? [useCsrfPrevention()] : []),
      useStrictText(),
      useRoads(answer, headers.of, log),
      headers.plugin,
      useExpiryWarning((request) => callers.get(request)),
    ],
    cors:
      corsOrigins.length > 0
        ? { origin: [...corsOrigins], methods: ['GET', 'POST'], credentials: false, exposedHeaders: [...budgetHeaders] }
        : false,
    graphiql: false,
    landingPage: false,
    healthCheckEndpoint: NO_HEALTH_CHECK,
    extraParamNames: ['documentId'],
    batching: false,
    multipart: false,
    maxRequestBodySize: maxBody,
    logging: false,
    maskedErrors: { maskError: (error) => failedAnswer(refusal(error), log).errors[0]! },
  })
}

/** What yoga itself refuses, before our roads are asked, as an error of the catalogue: its own hold more than we say. */
function refusal(error: unknown): unknown {
  // Of a query string or a form, whose parts are JSON.
  if (error instanceof SyntaxError) return codedError('BAD_REQUEST', 'variables, extensions: expected JSON')
  if (!(error instanceof GraphQLError)) return error
  const { http, code: ours } = error.extensions
  if (ours !== 'BAD_REQUEST' && isErrorCode(ours)) return error
  const code = http?.status === undefined ? undefined : refusals[http.status]
  if (!http || !code) return error
  const { spec: _, ...answered } = http
  return new GraphQLError(error.message, { extensions: { code, http: answered } })
}

const refusals: Readonly<Record<number, ErrorCode>> = {
  400: 'BAD_REQUEST',
  405: 'METHOD_NOT_ALLOWED',
  413: 'REQUEST_TOO_LARGE',
}

const callers = new WeakMap<Request, Caller>()

/** Who is not let in gets no answer, whatever the path. A browser's preflight carries no token and gets no data. */
function useAuthentication(enter: Enter, audit: HttpOptions['audit'], log: Logger): Plugin {
  return {
    async onRequest({ request, serverContext, endResponse }) {
      if (request.method === 'OPTIONS') return
      const { req } = serverContext as unknown as { req: IncomingMessage }
      let token: string | undefined
      try {
        callers.set(request, await enter(() => (token = presentedToken(req))))
      } catch (error) {
        const refused = errorResponse(error, log)
        if (refused.status === 401) {
          refused.headers.set('www-authenticate', challenge(token))
          audit.unauthenticated()
        }
        endResponse(refused)
      }
    },
  }
}

/** RFC 6750, section 3.1: without a token there is nothing to say of one. */
const challenge = (token: string | undefined) =>
  `Bearer realm="fundmesh"${token === undefined ? '' : ', error="invalid_token"'}`

interface DocumentName {
  readonly documentId?: unknown
  readonly extensions?: { readonly persistedQuery?: unknown }
}

/** Of a query string, yoga reads only the parameters that it knows. */
const documentIdOf = (request: Request, params: DocumentName): unknown =>
  request.method === 'GET' ? (new URL(request.url).searchParams.get('documentId') ?? undefined) : params.documentId

function useRoads(answer: Answer, headersOf: (request: Request) => Map<string, string>, log: Logger): Plugin {
  return {
    onParams({ request, params, setParams, setParamsHandler }) {
      const named = params as DocumentName
      const documentId = documentIdOf(request, named)
      // Yoga wants a text always: an empty one is none.
      if (params.query === undefined && (documentId ?? named.extensions?.persistedQuery) !== undefined)
        setParams({ ...params, query: '' })
      setParamsHandler(async ({ request, params }) => {
        try {
          const caller = callers.get(request)
          if (!caller) throw codedError('UNAUTHENTICATED')
          return await answer(
            {
              ...params,
              documentId,
              query: params.query,
              method: request.method,
              consistency: request.headers.get(CONSISTENCY_HEADER) ?? undefined,
            },
            { caller, channel: 'GRAPHQL', atLeastEpoch: 0, replyHeaders: headersOf(request), signal: request.signal },
          )
        } catch (error) {
          return failedAnswer(error, log) as { errors: readonly GraphQLError[] }
        }
      })
    },
  }
}
