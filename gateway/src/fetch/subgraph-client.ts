import { PASSPORT_HEADER } from '@fundmesh/platform/identity/passport'
import type { Logger } from '@fundmesh/platform/telemetry/log'
import { Agent, request } from 'undici'
import type { ErrorCode } from '../errors/catalogue.ts'

/** One question to one subgraph. */
export interface SubgraphRequest {
  readonly query: string
  readonly operationName: string | undefined
  readonly variables: Readonly<Record<string, unknown>>
  /** The sealed passport: who asks, and as of when. Undefined: the subgraph is not told. */
  readonly passport: string | undefined
  /** For a subscription's operation: the event that its root field resolves to, by the field's name. */
  readonly event?: Readonly<Record<string, unknown>> | undefined
  /**
   * On whose behalf, in one text: all that may change the answer beside the document and the variables (the passport's
   * tenant, subject, client, scopes, region and channel, the rights' fingerprint, knownAt, atLeastEpoch, headers that are
   * forwarded). Questions in flight that are equal, also in this, are asked once. Undefined: never shared.
   */
  readonly flight?: string | undefined
  /**
   * Whose question it is (the tenant's): those of different parties never wait behind each other on one connection, so
   * that no subgraph that answers out of turn gives one tenant what is another's. Undefined: nobody else's, where there
   * is a passport; everybody's where there is none.
   */
  readonly party?: string | undefined
  readonly signal: AbortSignal
}

/** What a subgraph answered: well-formed, and not yet believed any further. */
export interface SubgraphAnswer {
  readonly data: Record<string, unknown> | null
  readonly errors: readonly SubgraphError[]
}
export interface SubgraphError {
  readonly message: string
  readonly code: unknown
  readonly path: readonly (string | number)[] | undefined
}

/** A subgraph gave no answer that can be used. */
export class SubgraphFailure extends Error {
  readonly code: ErrorCode
  constructor(code: ErrorCode, subgraph: string, reason: string) {
    super(`${subgraph}: ${reason}`)
    this.name = 'SubgraphFailure'
    this.code = code
  }
}

export interface SubgraphClient {
  /** Rejects with a SubgraphFailure only. */
  ask(request: SubgraphRequest): Promise<SubgraphAnswer>
}

/** Codes with which a subgraph says that it cannot decide now what may be read, of a request or of a field. */
const undecided = new Set(['SERVICE_UNAVAILABLE', 'CONSISTENCY_TIMEOUT'] as const)

export const isUndecided = (code: unknown): code is 'SERVICE_UNAVAILABLE' | 'CONSISTENCY_TIMEOUT' =>
  (undecided as ReadonlySet<unknown>).has(code)

/** Bytes of an answer at the most. */
const maxResponseSize = 32 * 1024 * 1024
const connectMs = 2_000

/** Connections to all subgraphs, kept open. */
export const subgraphConnections = (timeoutMs: number): Agent =>
  new Agent({
    connections: 64,
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    connect: { timeout: connectMs },
    maxResponseSize,
  })

/** Asks a subgraph over HTTP, within a time limit. */
export function subgraphClient(options: {
  readonly name: string
  readonly url: string
  readonly timeoutMs: number
  readonly connections: Agent
  readonly log: Logger
}): SubgraphClient {
  const { name, url, timeoutMs, connections, log } = options

  const send = async (asked: SubgraphRequest): Promise<SubgraphAnswer> => {
    const limit = timeLimit(asked.signal, timeoutMs)
    try {
      const { statusCode, body } = await request(url, {
        dispatcher: connections,
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          accept: 'application/json',
          ...(asked.passport !== undefined && { [PASSPORT_HEADER]: asked.passport }),
        },
        body: JSON.stringify({
          query: asked.query,
          operationName: asked.operationName,
          variables: asked.variables,
          ...(asked.event && { extensions: { event: asked.event } }),
        }),
        signal: limit.signal,
      })
      return readAnswer(name, statusCode, await body.text())
    } finally {
      limit.end()
    }
  }

  return {
    async ask(asked) {
      try {
        return await send(asked).catch((error) => {
          // A kept connection that the subgraph closed meanwhile; a mutation may have been done already.
          if (isLostConnection(error) && !asked.query.startsWith('mutation')) return send(asked)
          throw error
        })
      } catch (error) {
        const failure = error instanceof SubgraphFailure ? error : toFailure(name, error as Error)
        if (!asked.signal.aborted)
          log.warn({ subgraph: name, code: failure.code, reason: failure.message }, 'fetch failed')
        throw failure
      }
    },
  }
}

/**
 * Aborted by whoever asks, or when the time is over. Not AbortSignal.any: it leaves something on the asker's signal for
 * each fetch (nodejs/node#54614), and a stream asks with one signal for as long as it lives.
 */
function timeLimit(asker: AbortSignal, timeoutMs: number) {
  const limit = new AbortController()
  const cancel = () => limit.abort(asker.reason)
  const timer = setTimeout(() => limit.abort(new DOMException('no answer in time', 'TimeoutError')), timeoutMs)
  if (asker.aborted) cancel()
  asker.addEventListener('abort', cancel, { once: true })
  return {
    signal: limit.signal,
    end() {
      clearTimeout(timer)
      asker.removeEventListener('abort', cancel)
    },
  }
}

const isLostConnection = (error: { code?: string }) =>
  error.code === 'UND_ERR_SOCKET' || error.code === 'ECONNRESET' || error.code === 'EPIPE'

function toFailure(name: string, error: Error & { code?: string }): SubgraphFailure {
  const timedOut = error.name === 'TimeoutError' || /TIMEOUT/.test(error.code ?? '')
  return new SubgraphFailure(timedOut ? 'SUBGRAPH_TIMEOUT' : 'SUBGRAPH_UNAVAILABLE', name, error.message)
}

function readAnswer(name: string, status: number, text: string): SubgraphAnswer {
  let answer: { data?: unknown; errors?: unknown }
  try {
    answer = JSON.parse(text)
  } catch {
    throw new SubgraphFailure(
      'SUBGRAPH_INVALID_RESPONSE',
      name,
      `expected JSON; got status ${status} and ${text.length} characters of something else`,
    )
  }
  const { data = null, errors = [] } = answer ?? {}
  if (
    typeof data !== 'object' ||
    Array.isArray(data) ||
    !Array.isArray(errors) ||
    (data === null && errors.length === 0)
  ) {
    throw new SubgraphFailure(
      'SUBGRAPH_INVALID_RESPONSE',
      name,
      `expected a GraphQL response; got other JSON with status ${status}`,
    )
  }
  const code = errors[0]?.extensions?.code
  if (data === null && status === 503 && isUndecided(code)) {
    throw new SubgraphFailure(code, name, 'what may be read cannot be decided there now')
  }
  // 401: our passport was refused, which is not the caller's matter.
  if (data === null && (status === 401 || status >= 500))
    throw new SubgraphFailure('SUBGRAPH_UNAVAILABLE', name, `status ${status}`)
  return {
    data: data as Record<string, unknown> | null,
    errors: errors.map((error) => ({
      message: typeof error?.message === 'string' ? error.message : '',
      code: error?.extensions?.code,
      path: Array.isArray(error?.path) ? error.path : undefined,
    })),
  }
}
