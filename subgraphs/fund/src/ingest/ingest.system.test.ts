import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gunzipSync, gzipSync } from 'node:zlib'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { ingestFile } from './ingest.ts'
import { type FreshWarehouse, freshWarehouse, goldContent } from './testing/fresh-warehouse.ts'

const fixture = (path: string) => fileURLToPath(new URL(`../../fixtures/data/${path}`, import.meta.url))
const sharePrices = fixture('tsp/share_prices.csv.gz')
const referenceRates = fixture('ecb/eurofxref-hist.csv.gz')

let warehouse: FreshWarehouse
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ingest-'))
})
afterAll(() => rm(folder, { recursive: true }))
beforeEach(async () => {
  warehouse = await freshWarehouse()
})
afterEach(() => warehouse.drop())

let files = 0
/** Writes lines into a new file and ingests it. */
async function ingest(source: string, lines: readonly string[], now?: string) {
  const path = join(folder, `file-${++files}.csv`)
  await writeFile(path, lines.map((line) => `${line}\n`).join(''))
  return ingestFile({ databaseUrl: warehouse.writerUrl, source, path, ...(now && { now: new Date(now) }) })
}
const load = (source: string, path: string) => ingestFile({ databaseUrl: warehouse.writerUrl, source, path })
const rows = async (sql: string, ...parameters: unknown[]) => (await warehouse.admin.query(sql, parameters)).rows
const counts = async () =>
  rows(`select (select count(*)::int from bronze.file) as files, (select count(*)::int from silver.load) as loads,
    (select count(*)::int from silver.nav) as staged, (select count(*)::int from gold.nav) as navs`)

const versions = `select version, trim_scale(nav_price)::text as price, recorded_from, recorded_to from gold.nav
  where share_class_id = 'tsp:c-fund' and nav_date = $1 order by version`
const knownPrice = async (day: string, knownAt: string) =>
  (
    await rows(
      `select trim_scale(nav_price)::text as price from gold.nav
       where share_class_id = 'tsp:c-fund' and nav_date = $1 and recorded_from <= $2 and $2 < recorded_to`,
      day,
      knownAt,
    )
  )[0]?.price

describe('the share prices of the repository', () => {
  test('gold holds for each fund every day that the CSV prices, with the values it prints', async () => {
    const report = await load('tsp', sharePrices)
    const gold = await rows(
      `select share_class_id, nav_date::text as day, trim_scale(nav_price)::text as price, line from gold.nav`,
    )
    const ids = ['l-income', ...[25, 30, 35, 40, 45, 50, 55, 60, 65].map((year) => `l-20${year}`)]
    ids.push('g-fund', 'f-fund', 'c-fund', 's-fund', 'i-fund')
    const misdatedLines = [863, 865, 866, 867]
    const expected = new Map<string, string>()
    const lines = gunzipSync(await readFile(sharePrices))
      .toString()
      .trimEnd()
      .split('\n')
    lines.forEach((text, index) => {
      if (index === 0 || misdatedLines.includes(index + 1)) return
      const [date, ...prices] = text.split(',') as [string, ...string[]]
      const [month, day, year] = date.split('/') as [string, string, string]
      prices.forEach((price, column) => {
        const iso = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
        if (Number(price) !== 0) expected.set(`tsp:${ids[column]} ${iso}`, price)
      })
    })
    expect(expected.size).toBe(47_669)
    expect(report).toMatchObject({ rowsRead: 5_131, inserted: expected.size, restated: 0, quarantined: 4 })
    expect(new Map(gold.map((row) => [`${row.share_class_id} ${row.day}`, row.price]))).toEqual(expected)
    for (const row of gold.slice(0, 100)) expect(lines[row.line - 1]!.split(',')).toContain(row.price)
  })

  test('the quarantine names exactly the four misdated rows', async () => {
    await load('tsp', sharePrices)
    expect(await rows('select line, column_name, raw, reason from silver.quarantine order by line')).toEqual(
      [863, 865, 866, 867].map((line) => ({
        line,
        column_name: null,
        raw: expect.stringMatching(/^6\/2[0-3]\/2020,/),
        reason: expect.stringMatching(/^misdated: L 2025 has a NAV for 2020-06-2[0-3], before its inception/),
      })),
    )
  })

  test('a fund begins with its first NAV', async () => {
    await load('tsp', sharePrices)
    const first = `select fund_id, inception_date::text as inception, launch_date::text as launch
      from gold.fund join gold.share_class using (fund_id) where fund_id = any($1) order by fund_id`
    expect(await rows(first, ['tsp:c-fund', 'tsp:l-2065'])).toEqual([
      { fund_id: 'tsp:c-fund', inception: '2003-06-02', launch: '2003-06-02' },
      { fund_id: 'tsp:l-2065', inception: '2020-07-01', launch: '2020-07-01' },
    ])
  })
})

describe('a second run', () => {
  test('the same file again changes nothing at all', async () => {
    const first = await load('tsp', sharePrices)
    const before = [
      await counts(),
      await rows('select max(recorded_from)::text, max(xmin::text::bigint) from gold.nav'),
    ]
    const second = await load('tsp', sharePrices)
    expect(second).toMatchObject({ alreadyLoaded: true, inserted: 0, restated: 0, unchanged: first.inserted })
    const after = [await counts(), await rows('select max(recorded_from)::text, max(xmin::text::bigint) from gold.nav')]
    expect(after).toEqual(before)
  })

  test('another file with equal values is kept as received and changes nothing in gold', async () => {
    await ingest('tsp', ['Date,C FUND', '12/5/2023,71.1348', '12/4/2023,71.1723'])
    const gold = await rows('select * from gold.nav')
    const report = await ingest('tsp', ['Date,C FUND', '12/4/2023,71.17230', '12/5/2023,71.1348'])
    expect(report).toMatchObject({ alreadyLoaded: false, inserted: 0, restated: 0, unchanged: 2 })
    expect(await rows('select * from gold.nav')).toEqual(gold)
    expect(await rows(`select name from bronze.file where name like 'file%'`)).toHaveLength(2)
  })

  test('two runs at once load the file once', async () => {
    const reports = await Promise.all([load('ecb', referenceRates), load('ecb', referenceRates)])
    expect(reports.map(({ alreadyLoaded }) => alreadyLoaded).sort()).toEqual([false, true])
    expect(await rows('select count(*)::int as n, max(version) as v from gold.fx_rate')).toEqual([{ n: 58_063, v: 1 }])
  })
})

describe('a restatement', () => {
  test('closes the open version at the instant at which the next begins, and both can be read', async () => {
    await ingest('tsp', ['Date,C FUND', '12/5/2023,71.1348', '12/4/2023,71.1723'], '2023-12-06T01:00:00Z')
    const report = await ingest('tsp', ['Date,C FUND', '12/5/2023,71.2'], '2023-12-07T01:00:00Z')
    expect(report).toMatchObject({ inserted: 0, restated: 1, unchanged: 0 })
    const first = new Date('2023-12-06T01:00:00Z')
    const second = new Date('2023-12-07T01:00:00Z')
    expect(await rows(versions, '2023-12-05')).toEqual([
      { version: 1, price: '71.1348', recorded_from: first, recorded_to: second },
      { version: 2, price: '71.2', recorded_from: second, recorded_to: Number.POSITIVE_INFINITY },
    ])
    expect(await knownPrice('2023-12-05', '2023-12-06T00:59:59Z')).toBeUndefined()
    expect(await knownPrice('2023-12-05', '2023-12-06T12:00:00Z')).toBe('71.1348')
    expect(await knownPrice('2023-12-05', '2023-12-07T01:00:00Z')).toBe('71.2')
  })

  test('a row that is missing from the next file says nothing', async () => {
    await ingest('tsp', ['Date,C FUND,G FUND', '12/5/2023,71.1348,17.9', '12/4/2023,71.1723,17.8'])
    await ingest('tsp', ['Date,C FUND', '12/5/2023,71.2'])
    expect(await rows(`select count(*)::int as n from gold.nav where recorded_to = 'infinity'`)).toEqual([{ n: 4 }])
  })

  test('is recorded strictly after the version it replaces, even where the clock went back', async () => {
    await ingest('tsp', ['Date,C FUND', '12/5/2023,71.1'], '2023-12-07T01:00:00.000Z')
    await ingest('tsp', ['Date,C FUND', '12/5/2023,71.2'], '2023-12-06T01:00:00.000Z')
    await ingest('tsp', ['Date,C FUND', '12/5/2023,71.1', ''], '2023-12-06T01:00:00.000Z')
    const recorded = 'select version, recorded_from::text as "from" from gold.nav order by version'
    expect((await rows(recorded)).map((row) => row.from.slice(0, 26))).toEqual([
      '2023-12-07 01:00:00+00',
      '2023-12-07 01:00:00.000001',
      '2023-12-07 01:00:00.000002',
    ])
  })

  test('a rate is restated in the same way', async () => {
    await ingest('ecb', ['Date,USD,', '2003-01-02,1.0446,'])
    expect(await ingest('ecb', ['Date,USD,', '2003-01-02,1.0447,'])).toMatchObject({ restated: 1 })
    expect(await rows('select version, trim_scale(rate)::text as rate from gold.fx_rate order by version')).toEqual([
      { version: 1, rate: '1.0446' },
      { version: 2, rate: '1.0447' },
    ])
  })

  test('an answer for a past knownAt never changes, whatever is being published meanwhile', async () => {
    await ingest('tsp', ['Date,C FUND', '12/5/2023,71.1348'])
    // Publishing is stretched to half a second between the choice of the instant and the commit.
    await warehouse.admin.query(`
      create function gold.slowly() returns trigger language plpgsql as 'begin perform pg_sleep(0.5); return null; end';
      create trigger slowly after insert on gold.nav for each statement execute function gold.slowly()`)
    const publishing = ingest('tsp', ['Date,C FUND', '12/5/2023,72'])
    const seen: { knownAt: string; price: string }[] = []
    let published = false
    publishing.then(() => {
      published = true
    })
    while (!published) {
      const [{ now }] = (await rows('select clock_timestamp()::text as now')) as [{ now: string }]
      seen.push({ knownAt: now, price: await knownPrice('2023-12-05', now) })
    }
    expect(await publishing).toMatchObject({ restated: 1 })
    for (const { knownAt, price } of seen)
      expect([knownAt, await knownPrice('2023-12-05', knownAt)]).toEqual([knownAt, price])
    expect(new Set(seen.map(({ price }) => price))).toContain('71.1348')
  })
})

describe('dirt', () => {
  test('bad cells wait in the quarantine with line, column, text and reason; the rest is loaded', async () => {
    const report = await ingest('tsp', [
      'Date,C FUND,G FUND',
      '12/5/2023,abc,17.9',
      '12/4/2023,71.1',
      '12/1/2023,0,17.7',
    ])
    expect(report).toMatchObject({ rowsRead: 3, inserted: 2, quarantined: 3 })
    const quarantine = `select f.name, line, column_name, raw, reason from silver.quarantine join bronze.file f using (file_id)
      order by line`
    expect(await rows(quarantine)).toMatchObject([
      { line: 2, column_name: 'C FUND', raw: '12/5/2023,abc,17.9', reason: expect.stringContaining('NAV "abc"') },
      { line: 3, column_name: null, raw: '12/4/2023,71.1', reason: 'expected 3 columns, found 2' },
      { line: 4, column_name: 'C FUND', raw: '12/1/2023,0,17.7', reason: 'NAV is zero' },
    ])
  })

  test.each([
    ['a truncated gzip', async () => (await readFile(sharePrices)).subarray(0, 100_000), 'is truncated'],
    ['a cut last line', async () => gunzipSync(await readFile(sharePrices)).subarray(0, 100_000), 'is cut short'],
    ['HTML', async () => '<html><body>Service unavailable</body></html>\n', 'expected CSV, found markup'],
    ['binary data', async () => Buffer.from([1, 0, 2, 10]), 'found binary data'],
    ['a wrong header', async () => 'Date,Price\n12/5/2023,1\n', 'wrong header'],
    ['an empty file', async () => gzipSync(''), 'the file is empty'],
  ])('%s is refused whole and leaves no trace', async (_, content, reason) => {
    const path = join(folder, `refused-${++files}.csv`)
    await writeFile(path, await content())
    await expect(load('tsp', path)).rejects.toThrow(reason)
    expect(await counts()).toEqual([{ files: 0, loads: 0, staged: 0, navs: 0 }])
  })

  test('an ISIN that another share class has refuses the file', async () => {
    const schemes = 'scheme_code,scheme_name,fund_house,scheme_category,isin_growth\n'
    const path = join(folder, 'nav.csv')
    await writeFile(path, 'scheme_code,nav_date,nav\n1,2020-01-01,1\n')
    await writeFile(join(folder, 'schemes.csv'), `${schemes}1,One,House,Equity,INF200K01QX4\n`)
    await load('amfi', path)
    await writeFile(path, 'scheme_code,nav_date,nav\n2,2020-01-01,1\n')
    await writeFile(join(folder, 'schemes.csv'), `${schemes}2,Two,House,Equity,INF200K01QX4\n`)
    await expect(load('amfi', path)).rejects.toThrow('ISIN INF200K01QX4 of amfi:2 is already that of amfi:1')
    expect(await counts()).toMatchObject([{ loads: 1, navs: 1 }])
  })
})

describe('bronze', () => {
  test('keeps a file byte for byte, and refuses to change or forget it', async () => {
    await load('ecb', referenceRates)
    const [file] = await rows('select * from bronze.file')
    expect(file).toMatchObject({ source: 'ecb', name: 'eurofxref-hist.csv.gz' })
    expect(file.content.equals(await readFile(referenceRates))).toBe(true)
    for (const sql of [`update bronze.file set name = 'x'`, 'delete from bronze.file', 'truncate bronze.file cascade'])
      await expect(warehouse.admin.query(sql)).rejects.toThrow('bronze.file is append-only')
  })

  test('the ingest needs no more rights than a warehouse writer has', async () => {
    const writer = new pg.Client({ connectionString: warehouse.writerUrl })
    await writer.connect()
    const { rows: roles } = await writer.query(
      'select rolsuper, rolbypassrls from pg_roles where rolname = current_user',
    )
    await writer.end()
    expect(roles).toEqual([{ rolsuper: false, rolbypassrls: false }])
  })

  test('new master data is read with an old file again', async () => {
    const path = join(folder, 'nav.csv')
    const schemes = 'scheme_code,scheme_name,fund_house,scheme_category,isin_growth\n1,One,House,Equity,\n'
    await writeFile(path, 'scheme_code,nav_date,nav\n1,2020-01-01,1\n2,2020-01-01,2\n')
    await writeFile(join(folder, 'schemes.csv'), schemes)
    expect(await load('amfi', path)).toMatchObject({ inserted: 1, quarantined: 1 })
    await writeFile(join(folder, 'schemes.csv'), `${schemes}2,Two,House,Equity,\n`)
    expect(await load('amfi', path)).toMatchObject({ alreadyLoaded: false, inserted: 1, unchanged: 1, quarantined: 0 })
    expect(await goldContent(warehouse.admin)).not.toBe('')
  })
})
