/** SQLSTATE classes of a server that is not there for us now: connection exception, too many connections, shutting down. */
const SERVER_AWAY = /^(08|53300|57P0[123])/
const SOCKET = /^(ECONN|ETIMEDOUT|EPIPE|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN)/
/** pg gives these no code. */
const CONNECTION_LOST = /^(Connection terminated|timeout exceeded when trying to connect|Query read timeout)/

/** True where the server did not answer, and not where it answered with a refusal. */
export function isUnreachable(error: unknown): boolean {
  const { code, message } = error as { code?: unknown; message?: unknown }
  if (typeof code === 'string') return SERVER_AWAY.test(code) || SOCKET.test(code)
  return typeof message === 'string' && CONNECTION_LOST.test(message)
}
