/** `npm run ingest -- <source> <path>`: loads one delivery of a source into the warehouse and says what it did. */
import { resolve } from 'node:path'
import { DatabaseError } from 'pg'
import { type IngestReport, ingestFile } from './ingest.ts'
import { Refusal } from './refusal.ts'
import { adapterOf, sourceNames } from './sources.ts'
import { openWarehouse } from './warehouse.ts'

const usage = `usage: npm run ingest -- <${sourceNames.join('|')}> <path>`

const count = (value: number) => value.toLocaleString('en')

function summary(report: IngestReport): string {
  const { source, fileName, rowsRead, inserted, restated, unchanged, repeated, quarantined, milliseconds } = report
  const lines = [
    `${source} ${fileName}: ${count(rowsRead)} rows read in ${(milliseconds / 1000).toFixed(1)} s`,
    `  ${count(inserted)} new, ${count(restated)} restated, ${count(unchanged)} unchanged, ${count(repeated)} repeated, ${count(quarantined)} quarantined`,
  ]
  if (report.alreadyLoaded) lines.push('  the very same file was loaded before: nothing was changed')
  else if (quarantined > 0) lines.push('  the quarantine, with lines and reasons, is in silver.quarantine')
  return lines.join('\n')
}

/** npm runs the command in the repository's root, wherever it was called. */
const fromWhereNpmWasCalled = (path: string) => resolve(process.env.INIT_CWD ?? '', path)

async function main([source, path, ...rest]: readonly string[]): Promise<void> {
  if (source === undefined || path === undefined || rest.length > 0) throw new Refusal(usage)
  const file = fromWhereNpmWasCalled(path)
  // What is refused by itself needs no server to be started for it.
  await adapterOf(source).receive(file)
  await using warehouse = await openWarehouse(process.env)
  const log = (message: string) => console.error(message)
  const report = await ingestFile({ databaseUrl: warehouse.url, source, path: file, log })
  console.log(summary(report))
}

main(process.argv.slice(2)).catch((error: Error) => {
  // What the caller can mend is one sentence; anything else is ours, and its place in the code is what we need.
  if (error instanceof Refusal) console.error(error.message)
  else if (error instanceof DatabaseError) console.error(`the warehouse refused, nothing was changed: ${error.message}`)
  else console.error(error.stack)
  process.exitCode = 1
})
