/** A database of its own for a test file, on the server that services.ts found or started. */
import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { inject } from 'vitest'
import { databaseExists, dropDatabase, ensureDatabase, renameDatabase } from '../postgres/database.ts'

export interface FreshDatabase {
  readonly name: string
  /** The administrator's connection string to it. */
  readonly url: string
  /** Drops it with the logins made for it. */
  drop(): Promise<void>
}

/** An empty database, or a copy of `template`. */
export async function freshDatabase(template?: string): Promise<FreshDatabase> {
  const server = inject('databaseUrl')
  const name = `test_${randomBytes(6).toString('hex')}`
  const url = await ensureDatabase(server, name, template)
  return { name, url, drop: () => dropDatabase(server, name) }
}

/** Runs the work in one test file at a time, of all that run against the server. */
async function oneAtATime<T>(server: string, work: () => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: server, application_name: 'test template' })
  await client.connect()
  try {
    await client.query("select pg_advisory_lock(hashtext('test template'))")
    return await work()
  } finally {
    await client.end()
  }
}

/** A copy of a database that `fill` has filled: filled once for all test files of a run. */
export async function filledDatabase(fill: (adminUrl: string) => Promise<void>): Promise<FreshDatabase> {
  const server = inject('databaseUrl')
  const template = inject('templateDatabase')
  return oneAtATime(server, async () => {
    const unfinished = `${template}_unfinished`
    if (!(await databaseExists(server, template))) {
      await dropDatabase(server, unfinished)
      await fill(await ensureDatabase(server, unfinished))
      await renameDatabase(server, unfinished, template)
    }
    return freshDatabase(template)
  })
}
