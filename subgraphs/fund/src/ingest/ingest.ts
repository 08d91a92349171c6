/**
 * The journey of a file into the warehouse: receive → read and check → keep (bronze) → stage (silver) → publish (gold).
 * The three layers are written in one transaction, so a file is in all of them or in none, wherever the process dies.
 */
import { Client } from 'pg'
import { keepFile } from './bronze.ts'
import { latestDayAt } from './checks.ts'
import { publish } from './gold.ts'
import { Refusal } from './refusal.ts'
import { findLoad, stage } from './silver.ts'
import { adapterOf } from './sources.ts'

export interface IngestOptions {
  /** A login that may write the warehouse: the admin, or a member of warehouse_writer. */
  readonly databaseUrl: string
  readonly source: string
  readonly path: string
  /** The instant at which the file counts as known; default: the server's clock at publication. */
  readonly now?: Date
  /** Told of each stage as it begins. */
  readonly log?: (message: string) => void
}

/** What an ingest did, in rows of the file and in values of its series. */
export interface IngestReport {
  readonly source: string
  readonly fileName: string
  readonly fileSha256: string
  /** Whether the very same bytes were loaded before: then nothing was done, and the counts are those of that load. */
  readonly alreadyLoaded: boolean
  readonly rowsRead: number
  /** Values published for the first time. */
  readonly inserted: number
  /** Values that correct an earlier one. */
  readonly restated: number
  /** Values that gold already had. */
  readonly unchanged: number
  /** Values that stood in the file again, equal. */
  readonly repeated: number
  /** Rows or cells that did not pass a check. */
  readonly quarantined: number
  readonly milliseconds: number
}

/** Ingests one delivery. Throws a Refusal, having changed nothing, for what cannot be loaded as a whole. */
export async function ingestFile({
  databaseUrl,
  source,
  path,
  now,
  log = () => {},
}: IngestOptions): Promise<IngestReport> {
  const started = performance.now()
  const adapter = adapterOf(source)
  const delivery = await adapter.receive(path)
  const { data, reference } = delivery
  const reading = adapter.read(delivery, latestDayAt(now ?? new Date()))

  const report = (counts: Omit<IngestReport, 'source' | 'fileName' | 'fileSha256' | 'milliseconds'>): IngestReport => ({
    source,
    fileName: data.name,
    fileSha256: data.sha256,
    ...counts,
    milliseconds: performance.now() - started,
  })
  const client = await connect(databaseUrl)
  try {
    await requireTables(client)
    await client.query('begin')
    // One ingest at a time: what one found in gold must still stand there when it publishes.
    await client.query(`select pg_advisory_xact_lock(hashtextextended('fundmesh.ingest', 0))`)
    const values = reading.observations.length
    const read = { rowsRead: reading.rowsRead, repeated: reading.repeated, quarantined: reading.findings.length }
    if (await findLoad(client, source, delivery)) {
      await client.query('rollback')
      return report({ ...read, alreadyLoaded: true, inserted: 0, restated: 0, unchanged: values })
    }
    log(`keeping ${data.name} as received`)
    const dataFileId = await keepFile(client, source, data)
    const referenceFileId = reference && (await keepFile(client, source, reference))
    log(`staging ${values.toLocaleString('en')} values`)
    const loadId = await stage(client, {
      source,
      series: adapter.series,
      dataFileId,
      referenceFileId,
      delivery,
      reading,
    })
    log('publishing')
    const { inserted, restated } = await publish(client, adapter.series, loadId, now ?? null)
    await client.query('commit')
    const unchanged = values - inserted - restated
    return report({ ...read, alreadyLoaded: false, inserted, restated, unchanged })
  } finally {
    await client.end()
  }
}

async function requireTables(client: Client): Promise<void> {
  const { rows } = await client.query<{ ready: boolean }>(
    `select to_regclass('silver.load') is not null and to_regclass('gold.nav') is not null as ready`,
  )
  if (!rows[0]!.ready)
    throw new Refusal('the warehouse has no tables for the ingest yet: run npm start once, or its migrations')
}

async function connect(databaseUrl: string): Promise<Client> {
  const client = new Client({ connectionString: databaseUrl, application_name: 'fundmesh-ingest' })
  // A connection that breaks while idle is reported by the next statement.
  client.on('error', () => {})
  try {
    await client.connect()
    return client
  } catch (error) {
    throw new Refusal(`the warehouse cannot be reached: ${(error as Error).message}`)
  }
}
