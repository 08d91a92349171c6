/**
 * The ledger's door. A `Ledger` sees what one caller may see; the port, which can make any, never leaves the service's
 * composition root. The row policies of migrations/ do the rest.
 */
import { ADMIN_SCOPE, AUDIT_ALL_SCOPE, type Caller } from '@fundmesh/platform/identity/caller'
import type { Logger } from '@fundmesh/platform/telemetry/log'
import pg from 'pg'

/** A question inside a transaction: rows by column name. */
export type Ask = <Row extends pg.QueryResultRow>(sql: string, values?: readonly unknown[]) => Promise<Row[]>

export interface Ledger {
  /** Runs the work in one transaction; undone when it rejects. */
  transaction<Result>(work: (ask: Ask) => Promise<Result>): Promise<Result>
}

export interface LedgerPort {
  forCaller(caller: Caller): Ledger
  /** Sees and changes everything: for the service's own work, and for what an administrator was allowed to do. */
  forService(): Ledger
  /** Resolves when the database answers; for readiness. */
  ping(): Promise<void>
  close(): Promise<void>
}

export function openLedger(databaseUrl: string, log: Logger): LedgerPort {
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    application_name: 'entitlement',
    max: 10,
    connectionTimeoutMillis: 5_000,
    statement_timeout: 10_000,
    idle_in_transaction_session_timeout: 10_000,
  })
  // An idle connection that breaks is replaced by the pool.
  pool.on('error', (error) => log.warn({ reason: error.message }, 'a connection to the ledger broke'))
  return {
    forCaller: ({ tenant, scopes }) =>
      scoped(pool, { tenant, administrator: scopes.has(ADMIN_SCOPE), auditor: scopes.has(AUDIT_ALL_SCOPE) }),
    forService: () => scoped(pool, { tenant: '', administrator: true, auditor: true }),
    ping: async () => {
      await pool.query('select 1')
    },
    close: () => pool.end(),
  }
}

/** Whose rows a transaction sees: its tenant's, everybody's to read and to change, or who had what, of everybody. */
interface Scope {
  readonly tenant: string
  readonly administrator: boolean
  readonly auditor: boolean
}

function scoped(pool: pg.Pool, { tenant, administrator, auditor }: Scope): Ledger {
  return {
    async transaction(work) {
      const client = await pool.connect()
      let broken: Error | undefined
      try {
        await client.query('begin')
        // Local to the transaction, so that the next user of the connection has none.
        await client.query(
          `select set_config('app.tenant', $1, true), set_config('app.administrator', $2, true),
             set_config('app.auditor', $3, true)`,
          [tenant, administrator ? 'on' : 'off', auditor ? 'on' : 'off'],
        )
        const result = await work(async (sql, values) => (await client.query(sql, values && [...values])).rows)
        await client.query('commit')
        return result
      } catch (error) {
        await client.query('rollback').catch((failure: Error) => {
          broken = failure
        })
        throw error
      } finally {
        client.release(broken)
      }
    },
  }
}
