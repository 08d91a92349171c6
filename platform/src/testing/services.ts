/** vitest's global setup of the system tests: one PostgreSQL for all test files, embedded unless `DATABASE_URL` is set. */
import { mkdtempSync, rmSync } from 'node:fs'
import { chmod } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { startEmbeddedPostgres } from '../postgres/embedded.ts'
import { freePort } from './port.ts'
import { requiredService } from './required.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** The administrator's connection string. */
    databaseUrl: string
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const given = requiredService('DATABASE_URL')
  if (given !== undefined) {
    project.provide('databaseUrl', given)
    return async () => {}
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
