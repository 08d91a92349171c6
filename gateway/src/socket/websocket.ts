/** The socket edge: graphql-transport-ws, as graphql-ws speaks it. A socket belongs to the caller of its token. */
import type { Server } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Caller } from '@fundmesh/platform/identity/caller'
import type { Logger } from '@fundmesh/platform/telemetry/log'
import { type ExecutionArgs, type ExecutionResult, type GraphQLError, parse } from 'graphql'
import { CloseCode } from 'graphql-ws'
import { type Extra, useServer } from 'graphql-ws/use/ws'
import { WebSocketServer } from 'ws'
import { failedAnswer } from '../errors/answer.ts'
import { catalogue, codedError } from '../errors/catalogue.ts'
import type { Answer } from '../http/http.ts'
import { alarm } from '../identity/alarm.ts'
import { bearerToken, type VerifyToken } from '../identity/token.ts'
import type { Views } from '../view/views.ts'
import { type OpenOperation, openOperations } from './open-operations.ts'

export interface WebSocketOptions {
  readonly views: Pick<Views, 'of'>
  readonly verifyToken: VerifyToken
  readonly answer: Answer
  readonly log: Logger
}

/** Bytes of a message at the most. */
const maxPayload = 1024 * 1024
const initMs = 5_000
/** The time for the last payloads to arrive before a socket whose token has expired is closed. */
const farewellMs = 250
/** When draining: the time for open operations to end, and then for clients to answer the closing. */
const drainMs = 1_000

// graphql-ws asks of a document only whether it is a subscription; the roads read the client's own.
const streamed = parse('subscription { __typename }')
const single = parse('{ __typename }')

export function webSockets({ views, verifyToken, answer, log }: WebSocketOptions) {
  const server = new WebSocketServer({ noServer: true, maxPayload })
  const operations = openOperations()
  const protocol = useServer<Record<string, unknown>, { caller: Caller }>(
    {
      connectionInitWaitTimeout: initMs,
      // Otherwise graphql-ws closes with the text of whatever it caught.
      isProd: true,
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
        const { caller, socket } = extra
        const operation = operations.begin(socket)
        try {
          if (!caller) throw codedError('UNAUTHENTICATED')
          const result = await answer(
            { ...payload, method: 'POST' },
            { caller, channel: 'GRAPHQL', atLeastEpoch: 0, replyHeaders: new Map(), signal: operation.signal },
          )
          const { schema } = views.of(caller)
          if (Symbol.asyncIterator in result)
            return { schema, document: streamed, contextValue: cancellable(result, operation) }
          operation.end()
          return { schema, document: single, contextValue: result }
        } catch (error) {
          operation.end()
          return failedAnswer(error, log).errors
        }
      },
      execute: ({ contextValue }) => contextValue as ExecutionResult,
      subscribe: ({ contextValue }) => contextValue as AsyncGenerator<ExecutionResult>,
      onError: (_context, _id, _payload, errors) => sendable(errors, log),
      onNext: (_context, _id, _payload, _args, { data, errors, extensions }) => ({
        ...(errors && { errors: sendable(errors, log) }),
        ...(data !== undefined && { data }),
        ...(extensions && { extensions }),
      }),
    },
    server,
  )

  return {
    attach(http: Server) {
      http.on('upgrade', (request, socket, head) => {
        // Node takes its own listener away: a client that resets the connection would end the process.
        socket.on('error', () => socket.destroy())
        if (request.url?.split('?', 1)[0] !== '/graphql') {
          socket.end('HTTP/1.1 404 Not Found\r\nconnection: close\r\n\r\n')
          return
        }
        server.handleUpgrade(request, socket, head, (ws) => server.emit('connection', ws, request))
      })
    },
    /** Lets open operations end, closes every socket with 1001, which tells clients to come again, and then by force. */
    close: async () => {
      await Promise.race([operations.allEnded(), sleep(drainMs, undefined, { ref: false })])
      const force = setTimeout(() => {
        for (const socket of server.clients) socket.terminate()
      }, drainMs)
      await protocol.dispose()
      clearTimeout(force)
    },
  }
}

/** graphql-ws calls `return` when the client completes; a generator that waits for an event would not hear it. */
function cancellable<T>(stream: AsyncIterable<T>, operation: OpenOperation): AsyncGenerator<T> {
  const iterator = stream[Symbol.asyncIterator]()
  const wrapped: AsyncGenerator<T> = {
    next: async () => {
      try {
        const result = await iterator.next()
        if (result.done) operation.end()
        return result
      } catch (error) {
        operation.end()
        throw error
      }
    },
    return: async () => {
      operation.cancel()
      return { done: true, value: undefined }
    },
    throw: (error) => Promise.reject(error),
    [Symbol.asyncIterator]: () => wrapped,
    [Symbol.asyncDispose]: async () => operation.cancel(),
  }
  return wrapped
}

function closeAtExpiry(extra: Extra, caller: Caller): void {
  const farewell = new Date(caller.expiresAt.getTime() + farewellMs)
  const { cancel } = alarm(farewell, () => extra.socket.close(CloseCode.Unauthorized, catalogue.TOKEN_EXPIRED.text))
  extra.socket.once('close', cancel)
}

/** Errors as they are sent: of the catalogue, and without the status, which was for HTTP. */
const sendable = (errors: readonly GraphQLError[], log: Logger) =>
  failedAnswer(new AggregateError(errors), log).errors.map(({ message, locations, path, extensions }) => ({
    message,
    ...(locations && { locations }),
    ...(path && { path }),
    extensions: { code: extensions.code },
  }))
