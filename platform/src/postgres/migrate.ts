/**
 * Forward-only migrations: the files `NNN-name.sql` of a folder, in the order of their numbers, each in one transaction
 * with its record in `migration.<set>`. What was applied is history: a changed, renamed or missing file is refused.
 */
import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'

export interface MigrationSet {
  /** Names the table that remembers: `warehouse`. */
  readonly set: string
  readonly folder: string
}

interface Migration {
  readonly number: number
  readonly file: string
  readonly sha256: string
  readonly sql: string
}

interface Applied {
  readonly number: number
  readonly file: string
  readonly sha256: string
}

/** Applies what is missing, and returns the names of those files. Safe from several processes at once. */
export async function migrate(adminUrl: string, { set, folder }: MigrationSet): Promise<readonly string[]> {
  const migrations = await readMigrations(folder)
  const client = new pg.Client({ connectionString: adminUrl, application_name: `migrate ${set}` })
  await client.connect()
  try {
    // Held until the connection ends.
    await client.query(`select pg_advisory_lock(hashtext('fundmesh migrations'))`)
    const table = `migration.${client.escapeIdentifier(set)}`
    await client.query('create schema if not exists migration')
    await client.query(
      `create table if not exists ${table} (
         number int primary key, file text not null, sha256 char(64) not null,
         applied_at timestamptz not null default now())`,
    )
    const { rows } = await client.query<Applied>(`select number, file, sha256 from ${table} order by number`)
    const missing = unapplied(set, migrations, rows)
    for (const migration of missing) await apply(client, table, migration)
    return missing.map(({ file }) => file)
  } finally {
    await client.end()
  }
}

async function apply(client: pg.Client, table: string, { number, file, sha256, sql }: Migration): Promise<void> {
  try {
    await client.query('begin')
    await client.query(sql)
    await client.query(`insert into ${table} (number, file, sha256) values ($1, $2, $3)`, [number, file, sha256])
    await client.query('commit')
  } catch (cause) {
    await client.query('rollback')
    throw new Error(`Migration ${file} failed: ${(cause as Error).message}`, { cause })
  }
}

/** The files yet to be applied. Throws when the folder contradicts what was applied. */
function unapplied(set: string, migrations: readonly Migration[], history: readonly Applied[]): readonly Migration[] {
  for (const [index, applied] of history.entries()) {
    const found = migrations[index]
    if (found === undefined || found.number > applied.number) {
      throw new Error(
        `Migration ${applied.file} of the set ${set} was applied, but its file is gone: is this code older than the database?`,
      )
    }
    if (found.number < applied.number) {
      throw new Error(
        `Migration ${found.file} of the set ${set} comes too late: ${applied.file} was already applied. Give it a higher number.`,
      )
    }
    if (found.file !== applied.file || found.sha256 !== applied.sha256) {
      throw new Error(
        `Migration ${found.file} of the set ${set} was changed after it was applied as ${applied.file} ` +
          `(sha256 ${applied.sha256.slice(0, 12)}… then, ${found.sha256.slice(0, 12)}… now): write a new migration instead.`,
      )
    }
  }
  return migrations.slice(history.length)
}

async function readMigrations(folder: string): Promise<readonly Migration[]> {
  const migrations: Migration[] = []
  for (const file of (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort()) {
    const number = Number(/^(\d{3})-[a-z0-9-]+\.sql$/.exec(file)?.[1] ?? Number.NaN)
    if (Number.isNaN(number)) throw new Error(`Migration ${file} in ${folder} is not named like 001-name.sql`)
    if (migrations.at(-1)?.number === number) {
      throw new Error(`Migrations ${migrations.at(-1)?.file} and ${file} in ${folder} have the same number`)
    }
    // A checkout may change line ends; that is not a change of the migration.
    const sql = (await readFile(join(folder, file), 'utf8')).replaceAll('\r\n', '\n')
    migrations.push({ number, file, sql, sha256: createHash('sha256').update(sql).digest('hex') })
  }
  return migrations
}
