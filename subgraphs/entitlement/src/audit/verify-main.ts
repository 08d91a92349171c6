/**
 * `npm run audit:verify`: verifies every audit chain of DATABASE_URL against the checkpoints in the event log (Kafka
 * where KAFKA_BROKERS names it, with EVENT_TOPIC_PREFIX; else PostgreSQL: EVENT_LOG_URL, or DATABASE_URL itself).
 * `npm run audit:verify -- <file>` verifies an export. Exit code 1 and the first bad entry where something is wrong.
 */
import { readFileSync } from 'node:fs'
import { openEventLog } from '@fundmesh/platform/events/open'
import { eventLogEnv, parseEnv } from '@fundmesh/platform/service/config'
import { createLogger } from '@fundmesh/platform/telemetry/log'
import pg from 'pg'
import { readCheckpoints } from './checkpoints.ts'
import { parseExport } from './export-format.ts'
import { verifyChains, verifyPiece } from './verify.ts'

async function verifyDatabase(databaseUrl: string): Promise<string> {
  const config = parseEnv(eventLogEnv, process.env)
  const eventLog = openEventLog({
    kafkaBrokers: config.KAFKA_BROKERS,
    postgresUrl: config.EVENT_LOG_URL ?? databaseUrl,
    topicPrefix: config.EVENT_TOPIC_PREFIX,
    clientId: 'audit-verify',
    log: createLogger('audit-verify', 'error', process.stderr),
  })
  const client = new pg.Client({ connectionString: databaseUrl, application_name: 'audit verify' })
  try {
    const checkpoints = await readCheckpoints(eventLog)
    await client.connect()
    const { chains, entries, anchored } = await verifyChains(client, checkpoints)
    return `${entries} audit entries in ${chains} chains are whole; ${anchored} chains are held by a checkpoint`
  } finally {
    await client.end().catch(() => {})
    await eventLog.close()
  }
}

function verifyFile(file: string): string {
  return `${verifyPiece(parseExport(readFileSync(file, 'utf8')))} audit entries follow each other without a change or a gap`
}

const [file] = process.argv.slice(2)
const databaseUrl = process.env.DATABASE_URL
try {
  if (file === undefined && !databaseUrl)
    throw new Error('DATABASE_URL is not set: it names the ledger with the audit trail')
  console.log(file === undefined ? await verifyDatabase(databaseUrl!) : verifyFile(file))
} catch (error) {
  console.error((error as Error).message)
  process.exitCode = 1
}
