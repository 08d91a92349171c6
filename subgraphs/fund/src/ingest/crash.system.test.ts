import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { ingestFile } from './ingest.ts'
import { type FreshWarehouse, freshWarehouse, goldContent } from './testing/fresh-warehouse.ts'

const file = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const sharePrices = file('../../fixtures/data/tsp/share_prices.csv.gz')

let warehouse: FreshWarehouse
beforeEach(async () => {
  warehouse = await freshWarehouse()
})
afterEach(() => warehouse.drop())

/** Runs the command as its own process, and kills it with SIGKILL when it waits for the lock on `table`. */
async function killWhenItReaches(table: string): Promise<void> {
  const blocker = new pg.Client({ connectionString: warehouse.adminUrl })
  await blocker.connect()
  await blocker.query(`begin; lock table ${table} in share mode`)
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', '--conditions=source', file('main.ts'), 'tsp', sharePrices],
    { env: { ...process.env, DATABASE_URL: warehouse.writerUrl }, stdio: 'ignore' },
  )
  const waiting = `select from pg_stat_activity
    where datname = current_database() and application_name = 'fundmesh-ingest' and wait_event_type = 'Lock'`
  while ((await warehouse.admin.query(waiting)).rowCount === 0) {
    expect(child.exitCode).toBeNull()
    await sleep(20)
  }
  child.kill('SIGKILL')
  await once(child, 'exit')
  await blocker.query('rollback')
  await blocker.end()
  const alive = `select from pg_stat_activity where datname = current_database() and application_name = 'fundmesh-ingest'`
  while ((await warehouse.admin.query(alive)).rowCount !== 0) await sleep(20)
}

test('an ingest killed in any layer leaves nothing, and the next run gives what an undisturbed one gives', async () => {
  for (const table of ['bronze.file', 'silver.nav', 'gold.fund', 'gold.nav']) {
    await killWhenItReaches(table)
    const { rows } = await warehouse.admin.query(
      `select (select count(*)::int from bronze.file) + (select count(*)::int from silver.load)
         + (select count(*)::int from silver.nav) + (select count(*)::int from gold.fund)
         + (select count(*)::int from gold.nav) as rows`,
    )
    expect([table, rows]).toEqual([table, [{ rows: 0 }]])
  }
  await ingestFile({ databaseUrl: warehouse.writerUrl, source: 'tsp', path: sharePrices })

  const undisturbed = await freshWarehouse()
  try {
    await ingestFile({ databaseUrl: undisturbed.writerUrl, source: 'tsp', path: sharePrices })
    expect(await goldContent(warehouse.admin)).toBe(await goldContent(undisturbed.admin))
  } finally {
    await undisturbed.drop()
  }
})
