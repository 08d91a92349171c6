import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type { Logger } from '../telemetry/log.ts'
import type { Service } from './service.ts'

/**
 * For graphql-yoga: it answers every URL that ends with its own health path, before anybody is asked who they are. No URL
 * ends with a line break; the probes are ours.
 */
export const NO_HEALTH_CHECK = '\n'

export interface HttpServiceOptions {
  readonly name: string
  readonly host: string
  /** 0 takes any free port. */
  readonly port: number
  readonly handler: (request: IncomingMessage, response: ServerResponse) => void
  /** Resolves when the service can answer; rejects with the reason while it cannot. */
  readonly ready: () => Promise<void>
  /** What to close, in this order, once no request is in flight any more. */
  readonly close: () => Promise<void>
  /** Called when draining begins, before in-flight requests are awaited: streams say goodbye here. */
  readonly onDrain?: () => Promise<void>
  /** Given the bare server before it listens, to attach sockets. */
  readonly attach?: (server: Server) => void
  readonly log: Logger
}

/** Milliseconds for requests in flight when draining, before their sockets are cut: more than a query may take. */
const drainMs = 18_000
/** Milliseconds for a connection that has asked nothing yet to begin, when draining. */
const silentMs = 1_000

/** A service over HTTP with `/health` (the process lives) and `/ready` (it can answer), both open to anyone. */
export function httpService(options: HttpServiceOptions): Service {
  const { name, host, port, log } = options
  let draining: Promise<void> | undefined

  const probe = (response: ServerResponse, status: number, body: object) => {
    response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' })
    response.end(JSON.stringify(body))
  }

  /** Connections that have asked nothing yet; the server does not count them as idle. */
  const silent = new Set<Socket>()

  const server = createServer((request, response) => {
    silent.delete(request.socket)
    const path = request.url?.split('?', 1)[0]
    if (path === '/health') return probe(response, 200, { status: 'live', service: name })
    if (path === '/ready') {
      if (draining) return probe(response, 503, { status: 'draining', service: name })
      options.ready().then(
        () => probe(response, 200, { status: 'ready', service: name }),
        (error: Error) => {
          // The reason is for the operator's log; a probe's caller may be anyone.
          log.info({ reason: error.message }, 'not ready')
          probe(response, 503, { status: 'not ready', service: name })
        },
      )
      return
    }
    // A client that keeps its connection would otherwise hold the drain until its end.
    response.once('close', () => draining && setImmediate(() => server.closeIdleConnections()))
    if (draining) response.setHeader('connection', 'close')
    options.handler(request, response)
  })
  server.on('connection', (socket) => {
    silent.add(socket)
    socket.once('close', () => silent.delete(socket))
  })
  options.attach?.(server)

  const listen = () =>
    new Promise<{ url: string }>((resolve, reject) => {
      server.once('error', (error: NodeJS.ErrnoException) => {
        reject(
          error.code === 'EADDRINUSE'
            ? new Error(`${name}: port ${port} on ${host} is in use; end what listens there, or set PORT`)
            : new Error(`${name}: cannot listen on ${host}:${port}: ${error.message}`),
        )
      })
      server.listen(port, host, () => {
        const { port: bound } = server.address() as AddressInfo
        const url = `http://${host}:${bound}`
        log.info({ url }, 'listening')
        resolve({ url })
      })
    })

  const drain = async () => {
    const closed = new Promise<void>((resolve) => {
      if (server.listening) server.close(() => resolve())
      else resolve()
    })
    await options.onDrain?.()
    server.closeIdleConnections()
    const impatience = setTimeout(() => {
      for (const socket of silent) socket.destroy()
    }, silentMs)
    const force = setTimeout(() => server.closeAllConnections(), drainMs)
    await closed
    clearTimeout(impatience)
    clearTimeout(force)
    await options.close()
    log.info('drained')
  }

  return { name, listen, drain: () => (draining ??= drain()) }
}
