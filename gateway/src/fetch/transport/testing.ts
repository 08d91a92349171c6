/** Subgraphs of the tests' own, on loopback. */
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createServer, type Server, type Socket } from 'node:net'

import type { Exchange, NoReply, Post, Reply, Sending } from './exchange.ts'

/** An exchange's post as a promise. */
export function sent(exchange: Exchange, post: Post): { reply: Promise<Reply>; cancel(reason: NoReply): void } {
  let sending: Sending | undefined
  const reply = new Promise<Reply>((replied, failed) => {
    sending = exchange.send(post, { replied, failed })
  })
  return { reply, cancel: (reason) => sending?.cancel(reason) }
}

/** A server that is spoken to in bytes: what it is told, and what it says, is the test's matter. */
export interface RawServer {
  readonly url: string
  readonly sockets: ReadonlySet<Socket>
  /** Connections that were ever made. */
  connections(): number
  close(): Promise<void>
}

export async function rawServer(connected: (socket: Socket) => void): Promise<RawServer> {
  const sockets = new Set<Socket>()
  let connections = 0
  const server: Server = createServer((socket) => {
    connections += 1
    sockets.add(socket)
    socket.on('error', () => {})
    socket.on('close', () => sockets.delete(socket))
    connected(socket)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`,
    sockets,
    connections: () => connections,
    async close() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

/** A request as a raw server read it. */
export interface Heard {
  readonly head: string
  readonly body: string
}

/** Calls back with each whole request on a socket, in order. */
export function requestsOf(socket: Socket, heard: (request: Heard) => void): void {
  let bytes = ''
  socket.setEncoding('latin1')
  socket.on('data', (chunk) => {
    bytes += chunk
    for (;;) {
      const end = bytes.indexOf('\r\n\r\n')
      if (end < 0) return
      const head = bytes.slice(0, end)
      const length = Number(/content-length: (\d+)/i.exec(head)?.[1])
      if (bytes.length < end + 4 + length) return
      const body = bytes.slice(end + 4, end + 4 + length)
      bytes = bytes.slice(end + 4 + length)
      heard({ head, body })
    }
  })
}

/** A whole HTTP/1.1 response. */
export const response = (body: string, status = 200, headers = ''): string =>
  `HTTP/1.1 ${status} Status\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n${headers}\r\n${body}`

/** A whole HTTP/1.1 response in chunks. */
export const chunked = (...chunks: readonly string[]): string =>
  `HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n${chunks.map((chunk) => `${Buffer.byteLength(chunk).toString(16)}\r\n${chunk}\r\n`).join('')}0\r\n\r\n`
