/**
 * The socket edge: graphql-transport-ws, as graphql-ws speaks it. A socket belongs to the caller of its token.
 *
 * What we say in the protocol's `ping` and `pong`, whose payload is free:
 *
 *   gateway → ping {type: 'token_expiring', expiresAt}        30 s before the token ends
 *   client  → ping {authorization: 'Bearer …'}                another token of the same tenant, subject and client
 *   gateway → pong {type: 'token_renewed', expiresAt}         its rights hold from now on, for open streams too
 *           → pong {type: 'token_refused', code, message}     the token before goes on until it ends
 *           → close 4403                                      it is somebody else's
 */
import type { IncomingMessage, Server } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from '@fundmesh/platform/telemetry/log'
import { type ExecutionArgs, type ExecutionResult, type GraphQLError, GraphQLSchema, parse } from 'graphql'
import { CloseCode, handleProtocols, makeServer, type SubscribePayload } from 'graphql-ws'
import { type WebSocket, WebSocketServer } from 'ws'
import type { Audit } from '../audit/audit.ts'
import { failedAnswer } from '../errors/answer.ts'
import { catalogue, codedError } from '../errors/catalogue.ts'
import type { Answer } from '../http/http.ts'
import { bearerToken, presentedToken } from '../identity/bearer.ts'
import type { Enter } from '../identity/enter.ts'
import { type OnRenewal, openSession, type Session } from '../identity/session.ts'
import { openConnection, sendText } from './connection.ts'
import { type OpenOperation, openOperations } from './open-operations.ts'

export interface WebSocketOptions {
  readonly enter: Enter
  readonly answer: Answer
  readonly audit: Pick<Audit, 'unauthenticated'>
  readonly log: Logger
}

/** What is known of a connection; the session begins with its token. */
interface Connection {
  readonly socket: WebSocket
  readonly request: IncomingMessage
  session?: Session
}

/** Bytes of a message at the most. */
const maxPayload = 1024 * 1024
const initMs = 5_000
/** The time for the last payloads to arrive before a socket whose token has expired is closed. */
const farewellMs = 250
/** When draining: the time for open operations to end, and then for clients to answer the closing. */
const drainMs = 1_000
const goingAway = 1001
/** Try again later; 4401: the client must come with another token. */
const tryAgainLater = 1013

// graphql-ws asks of a document only whether it is a subscription; the roads read the client's own. It hears of a
// client's `complete` only where it holds a stream, so a query is one too: of one result.
const streamed = parse('subscription { __typename }')
const noSchema = new GraphQLSchema({})

export function webSockets({ enter, answer, audit, log }: WebSocketOptions) {
  const server = new WebSocketServer({ noServer: true, maxPayload, handleProtocols })
  const operations = openOperations()

  const openSessionOf = async ({ socket, request }: Connection, params: Record<string, unknown> = {}) => {
    const caller = await enter(() => presentedToken(request, params.authorization, params.Authorization))
    const session = openSession({
      caller,
      verify: (token) => enter(() => token),
      onExpiring: (expiresAt) => void tell(socket, 'ping', { type: 'token_expiring', expiresAt }),
      onOver: () =>
        setTimeout(() => socket.close(CloseCode.Unauthorized, catalogue.TOKEN_EXPIRED.text), farewellMs).unref(),
    })
    if (socket.readyState === socket.OPEN) socket.once('close', session.close)
    else session.close()
    return session
  }

  const renew = async ({ socket, session }: Connection, authorization: unknown) => {
    try {
      if (!session) throw codedError('UNAUTHENTICATED')
      const token = bearerToken(authorization)
      if (!token) throw codedError('UNAUTHENTICATED')
      const { expiresAt } = await session.renew(token)
      await tell(socket, 'pong', { type: 'token_renewed', expiresAt })
    } catch (error) {
      const [first] = sendable(error, log)
      const { code } = first!.extensions
      if (code === 'FORBIDDEN') return socket.close(CloseCode.Forbidden, first!.message)
      await tell(socket, 'pong', { type: 'token_refused', code, message: first!.message })
    }
  }

  async function* results(payload: SubscribePayload, { session }: Connection, operation: OpenOperation) {
    if (!session) throw codedError('UNAUTHENTICATED')
    const { caller } = session
    // A token may come between the question and the stream's first step.
    const onRenewal: OnRenewal = (listener) => {
      if (session.caller !== caller) listener(session.caller)
      return session.onRenewal(listener)
    }
    const result = await answer(
      { ...payload, method: 'POST' },
      { caller, onRenewal, channel: 'GRAPHQL', atLeastEpoch: 0, replyHeaders: new Map(), signal: operation.signal },
    )
    if (Symbol.asyncIterator in result) yield* result
    else yield result
  }

  const protocol = makeServer<Record<string, unknown>, Connection>({
    connectionInitWaitTimeout: initMs,
    async onConnect({ connectionParams, extra }) {
      try {
        extra.session = await openSessionOf(extra, connectionParams)
        return true
      } catch (error) {
        const [first] = sendable(error, log)
        const undecided = first?.extensions.code === 'SERVICE_UNAVAILABLE'
        if (!undecided) audit.unauthenticated()
        extra.socket.close(undecided ? tryAgainLater : CloseCode.Unauthorized, first?.message)
        return false
      }
    },
    onSubscribe({ extra }, _id, payload): ExecutionArgs {
      const operation = operations.begin(extra.socket)
      return {
        schema: noSchema,
        document: streamed,
        contextValue: cancellable(results(payload, extra, operation), operation),
      }
    },
    subscribe: ({ contextValue }) => contextValue as AsyncGenerator<ExecutionResult>,
    // graphql-ws wraps what a stream throws.
    onError: (_context, _id, _payload, [error]) => sendable(error?.originalError ?? error, log),
    onNext: (_context, _id, _payload, _args, { data, errors, extensions }) => ({
      ...(errors && { errors: sendable(new AggregateError(errors), log) }),
      ...(data !== undefined && { data }),
      ...(extensions && { extensions }),
    }),
  })

  server.on('connection', (socket, request) => {
    const connection: Connection = { socket, request }
    openConnection({
      socket,
      protocol,
      extra: connection,
      onPing: async (payload) => {
        if (payload && 'authorization' in payload) await renew(connection, payload.authorization)
        else await tell(socket, 'pong', payload)
      },
      log,
    })
  })

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
      for (const socket of server.clients) socket.close(goingAway, 'Going away')
      await new Promise((resolve) => server.close(resolve))
      clearTimeout(force)
    },
  }
}

/**
 * graphql-ws calls `return` when the client completes or goes away. A generator that waits would not hear it: here the
 * waiting ends at once, and what was to come is let go.
 */
function cancellable<T>(stream: AsyncGenerator<T, void>, operation: OpenOperation): AsyncGenerator<T, void> {
  const over = { done: true, value: undefined } as const
  let leave: (() => void) | undefined
  const wrapped: AsyncGenerator<T, void> = {
    next: () =>
      new Promise((resolve, reject) => {
        if (operation.signal.aborted) return resolve(over)
        leave = () => resolve(over)
        stream.next().then(
          (result) => {
            if (result.done) operation.end()
            resolve(result)
          },
          (error) => {
            operation.end()
            reject(error)
          },
        )
      }),
    return: async () => {
      operation.cancel()
      leave?.()
      stream.return().catch(() => {
        // What fails for nobody is nobody's failure.
      })
      return over
    },
    throw: (error) => Promise.reject(error),
    [Symbol.asyncIterator]: () => wrapped,
    [Symbol.asyncDispose]: async () => void (await wrapped.return()),
  }
  return wrapped
}

const tell = (socket: WebSocket, type: 'ping' | 'pong', payload: object | undefined) =>
  sendText(socket, JSON.stringify({ type, payload })).catch(() => {
    // It went away, and hears of it by that.
  })

/** An error, or several in one, as they are sent: of the catalogue, and without the status, which was for HTTP. */
const sendable = (error: unknown, log: Logger) =>
  failedAnswer(error, log).errors.map(({ message, locations, path, extensions }) => ({
    message,
    ...(locations && { locations }),
    ...(path && { path }),
    extensions: withoutStatus(extensions),
  }))

const withoutStatus = ({ http: _, ...data }: GraphQLError['extensions']) => data
