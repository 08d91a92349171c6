/** Brings a database up to date: the tables of every owner, and a login of its own for each use. */
import { createHmac } from 'node:crypto'
import { join } from 'node:path'
import { eventMigrations } from '@fundmesh/platform/events/migrations'
import { ensureLogin } from '@fundmesh/platform/postgres/login'
import { type MigrationSet, migrate } from '@fundmesh/platform/postgres/migrate'
import { ROOT } from './workspace.ts'

/** Connection strings by what they may do. */
export interface Logins {
  /** Reads gold, one tenant at a time. */
  readonly warehouseReader: string
  /** Reads and writes gold, whoever it belongs to. */
  readonly warehouseWriter: string
  /** Writes the row grants. */
  readonly warehouseGrants: string
  /** Reads which fund every share class belongs to, and nothing else. */
  readonly warehouseStructure: string
  readonly entitlement: string
  /** Undefined where Kafka is the event log. */
  readonly eventLog: string | undefined
}

const warehouse: MigrationSet = { set: 'warehouse', folder: join(ROOT, 'contracts/warehouse') }
const ingest: MigrationSet = { set: 'ingest', folder: join(ROOT, 'subgraphs/fund/migrations') }
const entitlement: MigrationSet = { set: 'entitlement', folder: join(ROOT, 'subgraphs/entitlement/migrations') }

export interface Provisioning {
  readonly adminUrl: string
  /** Passwords are derived from it, so that a second start of the same mesh finds its own. */
  readonly loginSecret: string
  /** Whether the event log is in this database. */
  readonly eventLog: boolean
}

/** Idempotent, and safe from several processes at once. */
export async function provision({ adminUrl, loginSecret, eventLog }: Provisioning): Promise<Logins> {
  for (const set of [warehouse, ingest, entitlement, ...(eventLog ? [eventMigrations] : [])]) {
    await migrate(adminUrl, set)
  }
  const database = databaseName(adminUrl)
  const login = (group: string) => {
    const role = `${database}_${group}`
    const password = createHmac('sha256', loginSecret).update(role).digest('base64url')
    return ensureLogin(adminUrl, { role, memberOf: group, password })
  }
  return {
    warehouseReader: await login('warehouse_reader'),
    warehouseWriter: await login('warehouse_writer'),
    warehouseGrants: await login('warehouse_grants'),
    warehouseStructure: await login('warehouse_structure'),
    entitlement: await login('entitlement_service'),
    eventLog: eventLog ? await login('event_log_user') : undefined,
  }
}

/** The database that a connection string names. */
export function databaseName(url: string): string {
  const name = decodeURIComponent(new URL(url).pathname.slice(1))
  if (name === '') throw new Error('DATABASE_URL names no database: end it with one, such as …/fundmesh')
  return name
}
