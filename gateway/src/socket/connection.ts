/**
 * One WebSocket, as graphql-ws' protocol wants it. In the place of `graphql-ws/use/ws`, which answers each ping itself,
 * so that none could renew a token, and writes what goes wrong to the console.
 */
import type { Logger } from '@fundmesh/platform/telemetry/log'
import { CloseCode, type Server } from 'graphql-ws'
import type { WebSocket } from 'ws'

/** A socket that answers no ping for so long is dead. */
const heartbeatMs = 12_000

export interface ConnectionOptions<Extra> {
  readonly socket: WebSocket
  readonly protocol: Server<Extra>
  readonly extra: Extra
  /** Answers a `ping` of the protocol. */
  readonly onPing: (payload: Record<string, unknown> | undefined) => Promise<void>
  readonly log: Logger
}

export function openConnection<Extra>({ socket, protocol, extra, onPing, log }: ConnectionOptions<Extra>): void {
  // Of the client's making (a frame that is too large or none): ws closes the socket with its code.
  socket.on('error', (error) => log.info({ err: error }, 'a socket failed'))

  let alive = true
  socket.on('pong', () => {
    alive = true
  })
  const heartbeat = setInterval(() => {
    if (!alive) return socket.terminate()
    alive = false
    socket.ping()
  }, heartbeatMs)

  const closed = protocol.opened(
    {
      protocol: socket.protocol,
      send: (data) => sendText(socket, data),
      close: (code, reason) => socket.close(code, reason),
      onMessage: (handle) =>
        socket.on('message', (data) =>
          handle(String(data)).catch((error) => {
            // What could not be sent to a client that went away is no failure.
            if (socket.readyState !== socket.OPEN) return
            log.error({ err: error }, 'a message on a socket failed')
            socket.close(CloseCode.InternalServerError, 'Internal server error')
          }),
        ),
      onPing,
    },
    extra,
  )
  socket.once('close', (code, reason) => {
    clearInterval(heartbeat)
    closed(code, String(reason))?.catch((error) => log.error({ err: error }, 'a socket could not be left'))
  })
}

/** Resolves when the text is on its way, which is the back-pressure; at once where nobody is there to read it. */
export const sendText = (socket: WebSocket, text: string) =>
  new Promise<void>((resolve, reject) => {
    if (socket.readyState !== socket.OPEN) return resolve()
    socket.send(text, (error) => (error ? reject(error) : resolve()))
  })
