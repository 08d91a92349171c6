/**
 * `npm run audit:export -- --tenant <id> [--from <instant>] [--to <instant>] [--format jsonl|csv]`: the tenant's audit
 * entries of DATABASE_URL to stdout, with the hashes by which `npm run audit:verify -- <file>` checks them.
 */
import { once } from 'node:events'
import { parseArgs } from 'node:util'
import { canonicalDateTime } from '@fundmesh/platform/scalars/date-time'
import pg from 'pg'
import { type ExportFormat, exportFormats, exportHeader, exportLine } from './export-format.ts'
import { pieceOf } from './verify.ts'

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      tenant: { type: 'string' },
      from: { type: 'string', default: '1900-01-01T00:00:00.000Z' },
      to: { type: 'string', default: '2200-01-01T00:00:00.000Z' },
      format: { type: 'string', default: 'jsonl' },
    },
  })
  const databaseUrl = process.env.DATABASE_URL
  if (!databaseUrl) throw new Error('DATABASE_URL is not set: it names the ledger with the audit trail')
  if (!values.tenant) throw new Error('--tenant: expected the id of a tenant')
  if (!exportFormats.includes(values.format as ExportFormat))
    throw new Error(`--format: expected ${exportFormats.join(' or ')}; got ${values.format}`)
  const format = values.format as ExportFormat
  const client = new pg.Client({ connectionString: databaseUrl, application_name: 'audit export' })
  await client.connect()
  try {
    await client.query('begin isolation level repeatable read read only')
    await client.query(`select set_config('app.administrator', 'on', true)`)
    process.stdout.write(exportHeader[format])
    const entries = pieceOf(client, values.tenant, canonicalDateTime(values.from), canonicalDateTime(values.to))
    for await (const entry of entries) {
      if (!process.stdout.write(exportLine[format](entry))) await once(process.stdout, 'drain')
    }
  } finally {
    await client.end()
  }
}

main().catch((error: Error) => {
  console.error(`the audit trail cannot be exported: ${error.message}`)
  process.exitCode = 1
})
