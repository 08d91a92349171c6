import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startEmbeddedPostgres } from '@fundmesh/platform/postgres/embedded'
import { parseEnv, port } from '@fundmesh/platform/service/config'
import { Client } from 'pg'
import { z } from 'zod'
import { Refusal } from './refusal.ts'

/** A connection string to the warehouse, good until it is disposed of. */
export interface OpenWarehouse extends AsyncDisposable {
  readonly url: string
}

// The variables and defaults of `npm start` (local/src/launcher/settings.ts), whose folder and server we share.
const shape = {
  DATABASE_URL: z.string().startsWith('postgres').optional(),
  FUNDMESH_DATA_DIR: z.string().default(fileURLToPath(new URL('../../../../.fundmesh', import.meta.url))),
  POSTGRES_PORT: port(4009),
}
const database = 'fundmesh'

/**
 * The warehouse that `DATABASE_URL` names; without it the embedded one of `npm start`: joined where it is running,
 * started for the time of the ingest where it is not. Throws a Refusal where there is none.
 */
export async function openWarehouse(env: NodeJS.ProcessEnv): Promise<OpenWarehouse> {
  const settings = readSettings(env)
  if (settings.DATABASE_URL) return { url: settings.DATABASE_URL, async [Symbol.asyncDispose]() {} }
  const folder = join(resolve(settings.FUNDMESH_DATA_DIR), 'postgres')
  if (!existsSync(join(folder, 'admin-password')))
    throw new Refusal('there is no warehouse yet: set DATABASE_URL, or run npm start once')
  const running = runningUrl(folder)
  if (running && (await answers(running))) return { url: running, async [Symbol.asyncDispose]() {} }
  const server = await startEmbeddedPostgres({ dataDir: folder, port: settings.POSTGRES_PORT }).catch(
    (error: Error) => {
      throw new Refusal(`the embedded warehouse cannot be started: ${error.message}`)
    },
  )
  const url = new URL(server.url)
  url.pathname = `/${database}`
  return { url: url.href, [Symbol.asyncDispose]: () => server.stop() }
}

function readSettings(env: NodeJS.ProcessEnv) {
  try {
    return parseEnv(shape, env)
  } catch (error) {
    throw new Refusal((error as Error).message)
  }
}

/** The url of the server that wrote its process file into the folder's data; it may be gone by now. */
function runningUrl(folder: string): string | null {
  // As root the data can stand elsewhere (platform/src/postgres/cluster.ts).
  const processFile = [join(folder, 'elsewhere'), folder]
    .map((place) => join(place, 'data', 'postmaster.pid'))
    .find((path) => existsSync(path))
  if (!processFile) return null
  const port = readFileSync(processFile, 'utf8').split('\n')[3]
  const password = readFileSync(join(folder, 'admin-password'), 'utf8')
  return `postgres://postgres:${password}@127.0.0.1:${port}/${database}`
}

async function answers(url: string): Promise<boolean> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 2_000 })
  try {
    await client.connect()
    await client.end()
    return true
  } catch {
    return false
  }
}
