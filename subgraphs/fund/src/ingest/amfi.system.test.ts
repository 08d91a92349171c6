import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type IngestReport, ingestFile } from './ingest.ts'
import { type FreshWarehouse, freshWarehouse } from './testing/fresh-warehouse.ts'

// Not ours to copy into the repository; beside it where the project is developed, and in CI.
const folder = fileURLToPath(new URL('../../../../../shared/data/amfi_india', import.meta.url))
const absent = !existsSync(folder)

test.runIf(process.env.REQUIRE_SERVICES === '1')('the AMFI data is present', () => {
  expect([folder, absent]).toEqual([folder, false])
})

describe.skipIf(absent)('the AMFI data (shared/data/amfi_india)', () => {
  let warehouse: FreshWarehouse
  let report: IngestReport
  beforeAll(async () => {
    warehouse = await freshWarehouse()
    report = await ingestFile({ databaseUrl: warehouse.writerUrl, source: 'amfi', path: folder })
  })
  afterAll(() => warehouse?.drop())
  const rows = async (sql: string) => (await warehouse.admin.query(sql)).rows

  test('all of its 109,888 rows are loaded, but for three zero NAVs', async () => {
    expect(report).toMatchObject({ rowsRead: 109_888, inserted: 109_885, restated: 0, repeated: 0, quarantined: 3 })
    expect(
      await rows('select count(*)::int as navs, count(distinct share_class_id)::int as classes from gold.nav'),
    ).toEqual([{ navs: 109_885, classes: 36 }])
    expect(await rows('select column_name, raw, reason from silver.quarantine order by raw')).toEqual(
      ['120502,2013-04-07,0.00000', '120503,2013-04-07,0.00000', '129440,2025-06-30,0.00000'].map((raw) => ({
        column_name: 'nav',
        raw,
        reason: 'NAV is zero',
      })),
    )
  })

  test('a scheme without an ISIN is a share class all the same', async () => {
    expect(await rows(`select share_class_id from gold.share_class where isin is null order by 1`)).toEqual([
      { share_class_id: 'amfi:119088' },
      { share_class_id: 'amfi:153964' },
    ])
  })

  test('the same delivery again changes nothing', async () => {
    const again = await ingestFile({ databaseUrl: warehouse.writerUrl, source: 'amfi', path: folder })
    expect(again).toMatchObject({ alreadyLoaded: true, inserted: 0, restated: 0, unchanged: 109_885 })
  })
})
