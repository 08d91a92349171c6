import { once } from 'node:events'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Milliseconds that requests in flight may still take when a server closes. */
const GRACE_MS = 1_000

export interface HttpListener {
  /** `http://127.0.0.1:4007`, with the port that was really taken when 0 was asked for. */
  readonly url: string
  /** Stops accepting, lets requests in flight finish for a second, then cuts them. May be called again. */
  close(): Promise<void>
}

/** Starts `server` on host and port (0: any free one). Rejects with one sentence that names `what` and the port. */
export async function listen(
  server: Server,
  { host, port, what }: { host: string; port: number; what: string },
): Promise<HttpListener> {
  server.listen(port, host)
  try {
    await once(server, 'listening')
  } catch (error) {
    throw new Error(whyNot(error as NodeJS.ErrnoException, what, host, port), { cause: error })
  }
  const taken = server.address() as AddressInfo
  const name = taken.family === 'IPv6' ? `[${taken.address}]` : taken.address
  let closing: Promise<void> | undefined
  return {
    url: `http://${name}:${taken.port}`,
    close: () => (closing ??= closeServer(server)),
  }
}

function whyNot(error: NodeJS.ErrnoException, what: string, host: string, port: number): string {
  switch (error.code) {
    case 'EADDRINUSE':
      return `${what} cannot start: port ${port} on ${host} is in use by another program.`
    case 'EACCES':
      return `${what} cannot start: this user may not open port ${port} on ${host}.`
    default:
      return `${what} cannot start on ${host}:${port}: ${error.message}.`
  }
}

async function closeServer(server: Server): Promise<void> {
  const closed = once(server, 'close')
  server.close()
  const force = setTimeout(() => server.closeAllConnections(), GRACE_MS)
  await closed
  clearTimeout(force)
}
