import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from '@fundmesh/platform/telemetry/log'
import pg from 'pg'
import type { Limits } from './limits.ts'
import { toPositional } from './parameters.ts'
import { runSql, SESSION_OPTIONS } from './run-sql.ts'
import { end, type Statement, type SubStatement, start } from './statement.ts'

/** Database logins: the ARN of a secret → the URL of a PostgreSQL login. */
export type Logins = Readonly<Record<string, string>>

/** The stopping of what runs on a connection. */
interface Interruption {
  readonly begin: () => void
  /** Resolves when no stopping is under way. */
  readonly settled: () => Promise<void>
}

/** How long closing waits for what was cancelled, in milliseconds. */
const CLOSING_MS = 1_500

const ignore = () => {}

/** Runs statements in PostgreSQL, each on a connection of its login that nothing of its settings outlives. */
export class StatementRunner {
  readonly #pools: ReadonlyMap<string, pg.Pool>
  readonly #logins: Logins
  readonly #limits: Limits
  readonly #log: Logger
  readonly #running = new Set<Statement>()

  constructor(logins: Logins, limits: Limits, log: Logger) {
    this.#logins = logins
    this.#limits = limits
    this.#log = log
    this.#pools = new Map(Object.entries(logins).map(([secretArn, url]) => [secretArn, this.#createPool(url)]))
  }

  knows(secretArn: string): boolean {
    return this.#pools.has(secretArn)
  }

  /** Starts a statement and returns at once; `statement.ended` tells its end. */
  start(statement: Statement): void {
    this.#running.add(statement)
    void this.#run(statement)
      .catch((error: Error) => {
        this.#log.error({ err: error, statementId: statement.id }, 'statement broke the service')
        if (statement.status !== 'FAILED') end(statement, 'FAILED', 'Internal error.')
      })
      .finally(() => {
        for (const sub of statement.subStatements) if (!isOver(sub)) end(sub, 'ABORTED')
        this.#running.delete(statement)
        this.#log.debug(
          { statement: statement.submission.name, statementId: statement.id, status: statement.status },
          'statement ended',
        )
        statement.markEnded()
      })
  }

  /** Asks for the end of a statement; resolves when it has ended. */
  async cancel(statement: Statement): Promise<void> {
    statement.cancelRequested = true
    statement.interrupt?.()
    await statement.ended
  }

  /** Cancels what runs and closes every connection. */
  async close(): Promise<void> {
    const cancelled = Promise.all([...this.#running].map((statement) => this.cancel(statement)))
    const closed = cancelled.then(() => Promise.all([...this.#pools.values()].map((pool) => pool.end())))
    await Promise.race([closed, sleep(CLOSING_MS, undefined, { ref: false })])
  }

  async #run(statement: Statement): Promise<void> {
    const pool = this.#pools.get(statement.submission.secretArn)
    if (!pool) throw new Error(`expected a login for ${statement.submission.secretArn}, got none`)
    let client: pg.PoolClient
    try {
      client = await pool.connect()
    } catch (error) {
      if (statement.cancelRequested) return end(statement, 'ABORTED')
      statement.environmental = true
      return end(statement, 'FAILED', describe(error))
    }
    // The queries hear of a lost connection too; without a listener it would end the process.
    client.on('error', ignore)
    const interruption = this.#interruption(statement, client)
    try {
      start(statement)
      await (statement.submission.mode === 'TRANSACTION'
        ? this.#runInOneTransaction(statement, client, interruption)
        : this.#runOneByOne(statement, client, interruption))
    } catch (error) {
      // Not the SQL but what stands around it failed (begin, rollback): the connection is lost.
      statement.environmental = true
      end(statement, 'FAILED', describe(error))
    } finally {
      delete statement.interrupt
      await interruption.settled()
      const unusable = await cleanUp(client)
      client.off('error', ignore)
      client.release(unusable)
    }
  }

  /** All SQL texts, or nothing of them. */
  async #runInOneTransaction(statement: Statement, client: pg.PoolClient, interruption: Interruption): Promise<void> {
    await client.query('begin')
    for (const [index, sub] of statement.subStatements.entries()) {
      await this.#runSubStatement(statement, sub, client, interruption)
      if (sub.status === 'FINISHED') continue
      await client.query('rollback')
      return end(statement, sub.status === 'ABORTED' ? 'ABORTED' : 'FAILED', failure(statement, index))
    }
    await this.#commit(statement, client)
  }

  /** Each SQL text in a transaction of its own; one that fails does not keep the others from running. */
  async #runOneByOne(statement: Statement, client: pg.PoolClient, interruption: Interruption): Promise<void> {
    for (const sub of statement.subStatements) {
      await client.query('begin')
      await this.#runSubStatement(statement, sub, client, interruption)
      try {
        await client.query(sub.status === 'FINISHED' ? 'commit' : 'rollback')
      } catch (error) {
        end(sub, 'FAILED', describe(error))
      }
    }
    if (statement.cancelRequested) return end(statement, 'ABORTED')
    const index = statement.subStatements.findIndex(({ status }) => status === 'FAILED')
    if (index === -1) return end(statement, 'FINISHED')
    end(statement, 'FAILED', failure(statement, index))
  }

  async #runSubStatement(
    statement: Statement,
    sub: SubStatement,
    client: pg.PoolClient,
    interruption: Interruption,
  ): Promise<void> {
    if (statement.cancelRequested) return end(sub, 'ABORTED')
    start(sub)
    try {
      const positional = toPositional(sub.sql, statement.submission.parameters)
      const result = await runSql(client, positional, this.#limits, interruption.begin)
      if (client.getTransactionStatus() !== 'T') throw new Error('the statement left its transaction')
      sub.result = result
      end(sub, 'FINISHED')
    } catch (error) {
      end(sub, statement.cancelRequested ? 'ABORTED' : 'FAILED', describe(error))
    } finally {
      // A cancellation that is under way must not hit what runs next on this connection.
      await interruption.settled()
    }
  }

  async #commit(statement: Statement, client: pg.PoolClient): Promise<void> {
    try {
      await client.query('commit')
      end(statement, 'FINISHED')
    } catch (error) {
      end(statement, 'FAILED', describe(error))
    }
  }

  /** How to stop what runs on this connection: from another one, since this one is busy. */
  #interruption(statement: Statement, client: pg.PoolClient): Interruption {
    const pid = (client as unknown as { processID: number }).processID
    const url = this.#logins[statement.submission.secretArn]
    let underWay: Promise<void> | undefined
    const begin = () => {
      underWay ??= cancelBackend(url, pid, this.#limits.connectMs)
        .catch((error: Error) => this.#log.warn({ statementId: statement.id, reason: error.message }, 'not cancelled'))
        .finally(() => {
          underWay = undefined
        })
    }
    statement.pid = pid
    statement.interrupt = begin
    return { begin, settled: async () => underWay }
  }

  #createPool(connectionString: string): pg.Pool {
    const pool = new pg.Pool({
      connectionString,
      max: this.#limits.connections,
      connectionTimeoutMillis: this.#limits.connectMs,
      options: SESSION_OPTIONS,
      application_name: 'redshift-data-api',
    })
    // An idle connection that breaks is replaced by the pool; without a listener it would end the process.
    pool.on('error', (error) => this.#log.warn({ reason: error.message }, 'idle connection lost'))
    return pool
  }
}

const isOver = ({ status }: SubStatement) => status !== 'SUBMITTED' && status !== 'STARTED'

/** What a statement says when one of its SQL texts failed. */
function failure({ submission, subStatements }: Statement, index: number): string {
  const error = subStatements[index]?.error ?? 'Query was cancelled.'
  return submission.kind === 'BatchExecuteStatement' ? `Query #${index + 1} failed with ${error}` : error
}

/** Leaves nothing of a statement to the next user of its connection. Resolves with the reason why that cannot be had. */
async function cleanUp(client: pg.PoolClient): Promise<Error | undefined> {
  try {
    if (client.getTransactionStatus() !== 'I') await client.query('rollback')
    // Session settings, role, temporary tables, locks, listeners. Refused in a transaction, and the connection then goes.
    await client.query('discard all')
    return undefined
  } catch (error) {
    return error as Error
  }
}

async function cancelBackend(url: string | undefined, pid: number, connectMs: number): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: connectMs })
  client.on('error', () => {})
  await client.connect()
  try {
    await client.query('select pg_cancel_backend($1)', [pid])
  } finally {
    await client.end()
  }
}

function describe(error: unknown): string {
  const { message, position } = error as pg.DatabaseError
  if (!(error instanceof pg.DatabaseError)) return message || String((error as { code?: string }).code ?? error)
  return `ERROR: ${message}${position ? `\n  Position: ${position}` : ''}`
}
