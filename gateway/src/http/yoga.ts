/**
 * What the lean road leaves: GET, forms, streams (SSE, multipart), the doors beside /graphql, CORS's preflights, and
 * every refusal that HTTP itself has a word for. graphql-yoga reads the request and writes the answer; between the two it
 * hands over to our own roads.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { CONSISTENCY_HEADER } from '@fundmesh/platform/grants/consistency-token'
import type { Caller } from '@fundmesh/platform/identity/caller'
import { NO_HEALTH_CHECK } from '@fundmesh/platform/service/http-service'
import type { Logger } from '@fundmesh/platform/telemetry/log'
import { GraphQLError } from 'graphql'
import { createYoga, type Plugin } from 'graphql-yoga'
import { failedAnswer } from '../errors/answer.ts'
import { codedError, type ErrorCode, isErrorCode } from '../errors/catalogue.ts'
import type { Authenticate } from './authentication.ts'
import { corsOptions } from './cors.ts'
import { useCsrfPrevention } from './csrf.ts'
import { responseOf } from './error-response.ts'
import { useExpiryWarning } from './expiry-warning.ts'
import { useExplain } from './explain-door.ts'
import { maxBody } from './json-body.ts'
import type { HandedOver } from './lean-post.ts'
import { acceptedJson, acceptsAny, offered } from './negotiation.ts'
import { nodeRequest } from './node-request.ts'
import type { Answer, HttpOptions } from './options.ts'
import { type Parameters, parametersOf } from './parameters.ts'
import { type AnswerResult, replyTo } from './reply.ts'
import { replyHeaders } from './reply-headers.ts'
import { useSchemaDownload } from './schema-download.ts'
import { bodyText, checkUrl, isPlain } from './strict-text.ts'

export interface YogaDoorOptions extends HttpOptions {
  readonly authenticate: Authenticate
}

export interface YogaDoor {
  handle(request: IncomingMessage, response: ServerResponse): void
  /** Writes the stream that answers a request which was read and answered already. */
  handOver(request: IncomingMessage, response: ServerResponse, given: HandedOver): void
}

export function yogaDoor(options: YogaDoorOptions): YogaDoor {
  const { authenticate, audit, views, answer, explain, corsOrigins, csrfPrevention, log } = options
  const headers = replyHeaders()
  const given = new WeakMap<IncomingMessage, HandedOver>()
  const yoga = createYoga({
    graphqlEndpoint: '/graphql',
    plugins: [
      useAuthentication(authenticate, given),
      useSchemaDownload(views, (request) => callers.get(request), log),
      ...(explain ? [useExplain({ explain, audit, callerOf: (request) => callers.get(request), log })] : []),
      useNegotiation(),
      ...(csrfPrevention ? [useCsrfPrevention()] : []),
      useStrictText(),
      useRoads(answer, given, headers.of, log),
      headers.plugin,
      useExpiryWarning((request) => callers.get(request)),
    ],
    cors: corsOptions(corsOrigins),
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
  return {
    handle: (request, response) => void yoga(request, response),
    handOver(request, response, handed) {
      given.set(request, handed)
      // Where yoga's adapter looks for a body that somebody else has read.
      void yoga(Object.assign(request, { body: handed.body }), response)
    },
  }
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

/** A browser's preflight carries no token and gets no data. */
function useAuthentication(authenticate: Authenticate, given: WeakMap<IncomingMessage, HandedOver>): Plugin {
  return {
    async onRequest({ request, serverContext, endResponse }) {
      if (request.method === 'OPTIONS') return
      const sent = nodeRequest(serverContext)
      const entered = given.get(sent) ?? (await authenticate(sent))
      if ('refusal' in entered) endResponse(responseOf(entered.refusal))
      else callers.set(request, entered.caller)
    },
  }
}

/** Refuses before anything is done for it what the client could not read, and writes results as the lean road does. */
function useNegotiation(): Plugin {
  return {
    onRequestParse({ request, endResponse }) {
      if (!acceptsAny(request.headers.get('accept') ?? undefined))
        endResponse(new Response(null, { status: 406, headers: { accept: offered } }))
    },
    onResultProcess({ request, result, setResultProcessor }) {
      const accepted = acceptedJson(request.headers.get('accept') ?? undefined)
      if (!accepted || Symbol.asyncIterator in result) return
      setResultProcessor((one) => responseOf(replyTo(one as AnswerResult, accepted)), accepted.type)
    },
  }
}

function useStrictText(): Plugin {
  return {
    onRequestParse({ request, requestParser, setRequestParser, endResponse }) {
      if (request.method === 'GET') checkUrl(request.url)
      else if (!isPlain(request.headers.get('content-type'), request.headers.get('content-encoding')))
        return endResponse(new Response(null, { status: 415, headers: { 'accept-encoding': 'identity' } }))
      if (!requestParser || !request.body) return
      setRequestParser(async (sent) => {
        const bytes = await sent.arrayBuffer().catch((error) => {
          // A body that is too large says so itself; one that breaks off is the client's who went away.
          throw error instanceof GraphQLError ? error : codedError('BAD_REQUEST', 'body: expected its end')
        })
        const text = bodyText(new Uint8Array(bytes))
        return requestParser(withText(sent, text))
      })
    },
  }
}

/** The request as yoga's parsers read it. */
const withText = (request: Request, text: string): Request =>
  new Proxy(request, {
    get: (target, property) => {
      if (property === 'text') return async () => text
      if (property === 'json') return async () => JSON.parse(text)
      return Reflect.get(target, property, target)
    },
  })

/** Of a query string, yoga reads only the parameters that it knows. */
const documentIdOf = (request: Request, { documentId }: Parameters): unknown =>
  request.method === 'GET' ? (new URL(request.url).searchParams.get('documentId') ?? undefined) : documentId

function useRoads(
  answer: Answer,
  given: WeakMap<IncomingMessage, HandedOver>,
  headersOf: (request: Request) => Map<string, string>,
  log: Logger,
): Plugin {
  return {
    onParams({ request, params, setParams, setParamsHandler, context }) {
      const handed = given.get(nodeRequest(context))
      const parameters = parametersOf(params)
      const documentId = documentIdOf(request, parameters)
      // Yoga wants a text always; whether one is needed is decided where the request is understood.
      if (params.query == null) setParams({ ...params, query: '' })
      setParamsHandler(async ({ request, params }) => {
        try {
          if (handed) {
            for (const [name, value] of handed.replyHeaders) headersOf(request).set(name, value)
            return handed.results
          }
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
