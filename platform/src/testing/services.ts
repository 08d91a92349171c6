/** vitest's global setup of the system tests: one PostgreSQL for all test files, embedded unless `DATABASE_URL` is set. */
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { chmod } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { dropDatabase } from '../postgres/database.ts'
import { startEmbeddedPostgres } from '../postgres/embedded.ts'
import { freePort } from './port.ts'
import { requiredService } from './required.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** The administrator's connection string. */
    databaseUrl: string
    /** Name of the database that test files of this run copy (database.ts). */
    templateDatabase: string
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const template = `test_template_${randomBytes(4).toString('hex')}`
  project.provide('templateDatabase', template)
  const given = requiredService('DATABASE_URL')
  if (given !== undefined) {
    project.provide('databaseUrl', given)
    return () => dropDatabase(given, template)
  }
  const folder = mkdtempSync(join(tmpdir(), 'fundmesh-test-'))
  await chmod(folder, 0o711) // As root, PostgreSQL runs as another user.
  const postgres = await startEmbeddedPostgres({ dataDir: folder, port: await freePort(), durable: false })
  project.provide('databaseUrl', postgres.url)
  return async () => {
    await postgres.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}
