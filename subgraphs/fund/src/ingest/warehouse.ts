import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startEmbeddedPostgres } from '@fundmesh/platform/postgres/embedded'
import pg from 'pg'
import { Refusal } from './refusal.ts'

/** A connection string to the warehouse, good until it is disposed of. */
export interface OpenWarehouse extends AsyncDisposable {
  readonly url: string
}

const dataFolder = fileURLToPath(new URL('../../../../.fundmesh/postgres', import.meta.url))
const defaultPort = 4009
const database = 'fundmesh'

/**
 * The warehouse that `DATABASE_URL` names; without it the embedded one of `npm start`: joined where it is running,
 * started for the time of the ingest where it is not. Throws a Refusal where there is none.
 */
export async function openWarehouse(env: NodeJS.ProcessEnv): Promise<OpenWarehouse> {
  if (env.DATABASE_URL) return { url: env.DATABASE_URL, async [Symbol.asyncDispose]() {} }
  if (!existsSync(join(dataFolder, 'admin-password')))
    throw new Refusal('there is no warehouse yet: set DATABASE_URL, or run npm start once')
  const running = runningUrl()
  if (running && (await answers(running))) return { url: running, async [Symbol.asyncDispose]() {} }
  const server = await startEmbeddedPostgres({ dataDir: dataFolder, port: defaultPort }).catch((error: Error) => {
    throw new Refusal(`the embedded warehouse cannot be started: ${error.message}`)
  })
  return { url: inDatabase(server.url), [Symbol.asyncDispose]: () => server.stop() }
}

/** The url of the server that wrote its process file into the data folder; it may be gone. */
function runningUrl(): string | null {
  // As root the data can stand elsewhere (platform/src/postgres/cluster.ts).
  const place = [join(dataFolder, 'elsewhere'), dataFolder].find((folder) => existsSync(join(folder, 'data')))
  const processFile = place && join(place, 'data', 'postmaster.pid')
  if (!processFile || !existsSync(processFile)) return null
  const port = readFileSync(processFile, 'utf8').split('\n')[3]
  const password = readFileSync(join(dataFolder, 'admin-password'), 'utf8')
  return `postgres://postgres:${password}@127.0.0.1:${port}/${database}`
}

const inDatabase = (url: string) => {
  const changed = new URL(url)
  changed.pathname = `/${database}`
  return changed.href
}

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 })
  try {
    await client.connect()
    await client.end()
    return true
  } catch {
    return false
  }
}
