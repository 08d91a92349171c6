/** A database of its own for a test file, on the server that services.ts found or started. */
import { randomBytes } from 'node:crypto'
import { inject } from 'vitest'
import { dropDatabase, ensureDatabase } from '../postgres/database.ts'

export interface FreshDatabase {
  readonly name: string
  /** The administrator's connection string to it. */
  readonly url: string
  /** Drops it with the logins made for it. */
  drop(): Promise<void>
}

export async function freshDatabase(): Promise<FreshDatabase> {
  const server = inject('databaseUrl')
  const name = `test_${randomBytes(6).toString('hex')}`
  const url = await ensureDatabase(server, name)
  return { name, url, drop: () => dropDatabase(server, name) }
}
