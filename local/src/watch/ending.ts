/** Why a stream ended, in a sentence for the person who watched it. */
export interface Ending {
  readonly sentence: string
  /** What may help: asking again after a while, asking with a new token, or nothing that a program can do. */
  readonly remedy: 'wait' | 'new token' | 'none'
}

interface TypedError {
  readonly message: string
  readonly extensions?: { readonly code?: string }
}

/** The typed errors that have a remedy; after any other, asking the same again would end the same way. */
const REMEDIES: Readonly<Record<string, Ending['remedy']>> = {
  UNAUTHENTICATED: 'new token',
  TOKEN_EXPIRED: 'new token',
  GATEWAY_DRAINING: 'wait',
  SERVICE_UNAVAILABLE: 'wait',
  SLOW_SUBSCRIBER: 'wait',
  STREAM_GAP: 'wait',
  SUBGRAPH_UNAVAILABLE: 'wait',
  SUBGRAPH_TIMEOUT: 'wait',
}

/** Close codes of RFC 6455 and of the graphql-transport-ws protocol. */
const CLOSE_CODES: Readonly<Record<number, Ending>> = {
  1000: { sentence: 'The gateway closed the connection.', remedy: 'wait' },
  1001: { sentence: 'The gateway is going away.', remedy: 'wait' },
  1006: { sentence: 'The connection to the gateway was lost.', remedy: 'wait' },
  1011: { sentence: 'The gateway failed.', remedy: 'wait' },
  1012: { sentence: 'The gateway is restarting.', remedy: 'wait' },
  1013: { sentence: 'The gateway cannot answer now.', remedy: 'wait' },
  4400: { sentence: 'The gateway did not understand the request.', remedy: 'none' },
  4401: { sentence: 'The gateway does not take the token.', remedy: 'new token' },
  4403: { sentence: 'The gateway does not take the token.', remedy: 'new token' },
  4406: { sentence: 'The gateway does not speak graphql-transport-ws.', remedy: 'none' },
  4408: { sentence: 'The gateway waited too long for the token.', remedy: 'wait' },
  4429: { sentence: 'The gateway has been asked too often.', remedy: 'wait' },
  4500: { sentence: 'The gateway failed.', remedy: 'wait' },
}

/** What a completed stream means: `navUpdates` has no end of its own. */
export const COMPLETED: Ending = { sentence: 'The gateway ended the stream.', remedy: 'wait' }

/** Reads what graphql-ws throws: the errors of the operation, the event of a closed socket, or that of a failed one. */
export function endingOf(thrown: unknown): Ending {
  if (Array.isArray(thrown)) return endingOfErrors(thrown as TypedError[])
  const { code, reason, message } = thrown as { code?: unknown; reason?: string; message?: string }
  if (typeof code !== 'number') {
    const why = message || 'no connection'
    return { sentence: `No gateway answers (${why}); \`npm start\` starts the graph.`, remedy: 'wait' }
  }
  const known = CLOSE_CODES[code] ?? { sentence: 'The gateway closed the connection.', remedy: 'none' }
  const detail = reason ? `${code}, ${reason.replace(/\.$/, '')}` : `${code}`
  return { ...known, sentence: `${known.sentence.slice(0, -1)} (${detail}).` }
}

function endingOfErrors(errors: readonly TypedError[]): Ending {
  const [first] = errors
  const code = first?.extensions?.code ?? 'no code'
  const message = first?.message.replace(/\.$/, '') ?? 'The gateway gave no reason'
  return { sentence: `${message} (${code}).`, remedy: REMEDIES[code] ?? 'none' }
}
