/**
 * A real PostgreSQL without an installation: the programs come from npm, the data stands in a folder of ours, and the
 * server ends with our process, however that ends.
 */
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Cluster, openCluster } from './cluster.ts'
import { diagnose, EmbeddedPostgresError } from './failure.ts'
import { spawnWatched } from './watchdog.ts'

export interface EmbeddedPostgresOptions {
  /** Made if it is not there; reused with its data if it is. */
  readonly dataDir: string
  /** On 127.0.0.1. */
  readonly port: number
  /** Told every line that the server writes. */
  readonly log?: (line: string) => void
  /** False in tests: a commit survives the end of a process, but not of the machine. */
  readonly durable?: boolean
}

export interface EmbeddedPostgres {
  /** Connection string of the superuser, database `postgres`. */
  readonly url: string
  /** Settles when the server is gone, by `stop` or by itself. */
  readonly ended: Promise<void>
  /** Ends the server within about two seconds. Idempotent. */
  stop(): Promise<void>
}

/** How long, in milliseconds, we wait for an earlier server on the folder or port that is just ending. */
const PREDECESSOR_MS = 4_000

/** Starts the server, and resolves when it accepts connections. Rejects with an EmbeddedPostgresError. */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const attempt = { folder: options.dataDir, port: options.port }
  try {
    const cluster = await openCluster(options.dataDir)
    const deadline = Date.now() + PREDECESSOR_MS
    for (;;) {
      try {
        return await startServer(cluster, options)
      } catch (error) {
        const failure = diagnose((error as Error).message, attempt)
        const mayPass = failure.code === 'ALREADY_RUNNING' || failure.code === 'PORT_IN_USE'
        if (!mayPass || Date.now() > deadline) throw failure
        await sleep(200)
      }
    }
  } catch (error) {
    throw error instanceof EmbeddedPostgresError ? error : diagnose((error as Error).message, attempt)
  }
}

async function startServer(cluster: Cluster, options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const settings: Record<string, string> = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: '200',
    timezone: 'UTC',
    log_timezone: 'UTC',
    // Parallel workers need /dev/shm, of which a container has little.
    max_parallel_workers: '0',
    ...(options.durable === false && { fsync: 'off', full_page_writes: 'off' }),
  }
  const args = ['-D', cluster.data, '-p', String(options.port)]
  for (const [name, value] of Object.entries(settings)) args.push('-c', `${name}=${value}`)

  const server = spawnWatched(cluster.postgres, args, cluster.runAs)
  const ended = once(server, 'exit').then(() => {})
  let said = ''
  let ready = false
  await new Promise<void>((resolve, reject) => {
    const lines = createInterface({ input: server.stderr! })
    lines.on('line', (line) => {
      options.log?.(line)
      if (ready) return
      said += `${line}\n`
      ready = line.includes('database system is ready to accept connections')
      if (ready) resolve()
    })
    lines.on('close', () => reject(new Error(said)))
    server.on('error', reject)
  })
  server.stdin!.on('error', () => {}) // It went by itself; `ended` tells.
  return {
    url: `postgres://postgres:${cluster.password}@127.0.0.1:${options.port}/postgres`,
    ended,
    stop() {
      server.stdin!.end()
      return ended
    },
  }
}
