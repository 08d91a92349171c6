import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Logger } from '@fundmesh/platform/telemetry/log'
import { DataApiError } from './errors.ts'
import { DEFAULT_LIMITS, type Limits } from './limits.ts'
import type { Room } from './operations/operation.ts'
import { OPERATIONS } from './operations/operations.ts'
import { readCall, respond, respondWithError } from './protocol.ts'
import { type Logins, StatementRunner } from './statement-runner.ts'
import { StatementStore } from './statement-store.ts'

export interface DataApiOptions {
  readonly host: string
  /** 0 takes any free port. */
  readonly port: number
  /** Which database login a SecretArn stands for. */
  readonly logins: Logins
  /** The name under which requests know the database, whatever PostgreSQL calls it. */
  readonly database: string
  readonly log: Logger
  readonly limits?: Partial<Limits>
}

/** How many statements were accepted since the start; a batch is one. */
export interface StatementCount {
  readonly total: number
  /** By StatementName; those without are not in it. */
  readonly byName: Readonly<Record<string, number>>
}

export interface DataApi {
  readonly url: string
  /** For tests that say what a query may cost. */
  statements(): StatementCount
  /** Refuses new calls, cancels what runs, closes every connection. */
  close(): Promise<void>
}

/** The Amazon Redshift Data API over PostgreSQL. Rejects when the port is taken. */
export async function startDataApi(options: DataApiOptions): Promise<DataApi> {
  const { host, port, logins, database, log } = options
  const limits = { ...DEFAULT_LIMITS, ...options.limits }
  const count = { total: 0, byName: {} as Record<string, number> }
  const room: Room = {
    store: new StatementStore(limits),
    runner: new StatementRunner(logins, limits, log),
    limits,
    database,
    submitted: ({ submission: { name } }) => {
      count.total += 1
      if (name) count.byName[name] = (count.byName[name] ?? 0) + 1
    },
  }

  const server = createServer((request, response) => void answer(room, request, response, log))
  server.listen(port, host)
  await once(server, 'listening')
  const address = server.address() as AddressInfo

  let closing: Promise<void> | undefined
  async function close(): Promise<void> {
    const closed = once(server, 'close')
    server.close()
    await room.runner.close()
    // What waited has its answer now; a connection that is only kept alive has nothing to lose.
    setImmediate(() => server.closeAllConnections())
    await closed
  }

  return {
    url: `http://${address.family === 'IPv6' ? `[${address.address}]` : address.address}:${address.port}`,
    statements: () => ({ total: count.total, byName: { ...count.byName } }),
    close: () => {
      closing ??= close()
      return closing
    },
  }
}

async function answer(room: Room, request: IncomingMessage, response: ServerResponse, log: Logger): Promise<void> {
  try {
    const { operation, input } = await readCall(request)
    const run = OPERATIONS.get(operation)
    if (!run) throw new DataApiError('UnknownOperationException', `Unknown operation: ${operation}`)
    respond(response, 200, await run(room, input))
  } catch (error) {
    // The client went away in the middle of its request.
    if (!request.complete && request.destroyed) return
    if (error instanceof DataApiError) return respondWithError(response, error)
    log.error({ err: error }, 'Data API failed')
    respondWithError(response, new DataApiError('InternalServerException', 'Internal error.'))
  }
}
