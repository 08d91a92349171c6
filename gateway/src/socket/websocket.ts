/** The socket edge: graphql-transport-ws, as graphql-ws speaks it. A socket belongs to the caller of its token. */
import type { Server } from 'node:http'
import type { Caller } from '@fundmesh/platform/identity/caller'
import type { Logger } from '@fundmesh/platform/telemetry/log'
import { type ExecutionArgs, type ExecutionResult, type GraphQLError, type GraphQLSchema, parse } from 'graphql'
import { CloseCode } from 'graphql-ws'
import { type Extra, useServer } from 'graphql-ws/use/ws'
import { WebSocketServer } from 'ws'
import { failedAnswer } from '../errors/answer.ts'
import { catalogue, codedError, isErrorCode } from '../errors/catalogue.ts'
import type { Answer } from '../http/http.ts'
import { bearerToken, type VerifyToken } from '../identity/token.ts'

export interface WebSocketOptions {
  readonly schema: GraphQLSchema
  readonly verifyToken: VerifyToken
  readonly answer: Answer
  readonly log: Logger
}

/** Bytes of a message at the most. */
const maxPayload = 1024 * 1024
const initMs = 5_000
/** The time for the last payloads to arrive before a socket whose token has expired is closed. */
const farewellMs = 250
const longestTimerMs = 2 ** 31 - 1

// graphql-ws asks of a document only whether it is a subscription; the roads read the client's own.
const streamed = parse('subscription { __typename }')
const single = parse('{ __typename }')

export function webSockets({ schema, verifyToken, answer, log }: WebSocketOptions) {
  const server = new WebSocketServer({ noServer: true, maxPayload })
  const protocol = useServer<Record<string, unknown>, { caller: Caller }>(
    {
      connectionInitWaitTimeout: initMs,
      schema,
      async onConnect({ connectionParams, extra }) {
        try {
          const given =
            connectionParams?.authorization ?? connectionParams?.Authorization ?? extra.request.headers.authorization
          const token = bearerToken(given)
          if (!token) throw codedError('UNAUTHENTICATED')
          const caller = await verifyToken(token)
          extra.caller = caller
          closeAtExpiry(extra, caller)
          return true
        } catch (error) {
          const [first] = failedAnswer(error, log).errors
          const undecided = first?.extensions.code === 'SERVICE_UNAVAILABLE'
          // 1013: try again later; 4401: the client must come with another token.
          extra.socket.close(undecided ? 1013 : CloseCode.Unauthorized, first?.message)
          return false
        }
      },
      async onSubscribe({ extra }, _id, payload): Promise<ExecutionArgs | readonly GraphQLError[]> {
        const { caller } = extra
        const cancelled = new AbortController()
        try {
          if (!caller) throw codedError('UNAUTHENTICATED')
          const result = await answer({ ...payload, method: 'POST' }, { caller, signal: cancelled.signal })
          return Symbol.asyncIterator in result
            ? { schema, document: streamed, contextValue: cancellable(result, cancelled) }
            : { schema, document: single, contextValue: result }
        } catch (error) {
          return failedAnswer(error, log).errors
        }
      },
      execute: ({ contextValue }) => contextValue as ExecutionResult,
      subscribe: ({ contextValue }) => contextValue as AsyncGenerator<ExecutionResult>,
      onError: (_context, _id, _payload, errors) => errors.map(withoutInternals),
      onNext: (_context, _id, _payload, _args, { data, errors, extensions }) => ({
        ...(errors && { errors: errors.map(withoutInternals) }),
        ...(data !== undefined && { data }),
        ...(extensions && { extensions }),
      }),
    },
    server,
  )

  return {
    attach(http: Server) {
      http.on('upgrade', (request, socket, head) => {
        if (request.url?.split('?', 1)[0] !== '/graphql') {
          socket.end('HTTP/1.1 404 Not Found\r\nconnection: close\r\n\r\n')
          return
        }
        server.handleUpgrade(request, socket, head, (ws) => server.emit('connection', ws, request))
      })
    },
    /** Closes every socket with 1001, which tells clients to come again. */
    close: async () => {
      await protocol.dispose()
    },
  }
}

/** graphql-ws calls `return` when the client completes; a generator that waits for an event would not hear it. */
function cancellable<T>(stream: AsyncIterable<T>, cancelled: AbortController): AsyncGenerator<T> {
  const iterator = stream[Symbol.asyncIterator]()
  const wrapped: AsyncGenerator<T> = {
    next: () => iterator.next(),
    return: async () => {
      cancelled.abort()
      return { done: true, value: undefined }
    },
    throw: (error) => Promise.reject(error),
    [Symbol.asyncIterator]: () => wrapped,
    [Symbol.asyncDispose]: async () => cancelled.abort(),
  }
  return wrapped
}

function closeAtExpiry(extra: Extra, caller: Caller): void {
  const delay = Math.min(caller.expiresAt.getTime() - Date.now() + farewellMs, longestTimerMs)
  const timer = setTimeout(
    () => extra.socket.close(CloseCode.Unauthorized, catalogue.TOKEN_EXPIRED.text),
    delay,
  ).unref()
  extra.socket.once('close', () => clearTimeout(timer))
}

/** An error as it is sent: the status was for HTTP. */
function withoutInternals<E extends { message: string; extensions?: Record<string, unknown> }>(error: E) {
  const { message, path, locations } = error as E & Pick<GraphQLError, 'path' | 'locations'>
  const code = isErrorCode(error.extensions?.code) ? error.extensions.code : 'INTERNAL_SERVER_ERROR'
  return { message, ...(locations && { locations }), ...(path && { path }), extensions: { code } }
}
