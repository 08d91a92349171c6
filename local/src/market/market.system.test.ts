import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { NavPublished } from '@fundmesh/contracts/generated/events'
import { decodeEvent } from '@fundmesh/platform/events/codec'
import type { EventLog } from '@fundmesh/platform/events/log'
import { eventMigrations } from '@fundmesh/platform/events/migrations'
import { openEventLog } from '@fundmesh/platform/events/open'
import { ensureLogin } from '@fundmesh/platform/postgres/login'
import { migrate } from '@fundmesh/platform/postgres/migrate'
import { createLogger } from '@fundmesh/platform/telemetry/log'
import { type FreshDatabase, freshDatabase } from '@fundmesh/platform/testing/database'
import pg from 'pg'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type Market, startMarket } from './market.ts'

const LATEST = 'asset-management.nav.latest'
const INTRADAY = 'asset-management.nav.intraday'
const log = createLogger('test', 'silent')
const patienceMs = 60_000

let database: FreshDatabase
let logins: { warehouse: string; events: string }
let events: EventLog
const releases: (() => Promise<unknown>)[] = []

beforeEach(async () => {
  database = await freshDatabase()
  await migrate(database.url, {
    set: 'warehouse',
    folder: fileURLToPath(new URL('../../../contracts/warehouse', import.meta.url)),
  })
  await migrate(database.url, eventMigrations)
  const login = (group: string) =>
    ensureLogin(database.url, { role: `${database.name}_${group}`, memberOf: group, password: 'test' })
  logins = { warehouse: await login('warehouse_writer'), events: await login('event_log_user') }
  events = openEventLog({ postgresUrl: logins.events, clientId: 'test', log })
  await fillWarehouse()
})

afterEach(async () => {
  for (const release of releases.splice(0).reverse()) await release()
  await events.close()
  await database.drop()
})

const start = async (dayMs: number): Promise<Market> => {
  const market = await startMarket({
    databaseUrl: logins.warehouse,
    eventLog: { postgresUrl: logins.events },
    dayMs,
    log,
  })
  releases.push(() => market.close())
  return market
}

describe('the market', () => {
  it('replays the recorded prices day by day as indicative ones, and begins again after the last day', async () => {
    const market = await start(20)
    const c = await vi.waitFor(async () => {
      const found = (await published(INTRADAY)).filter(({ shareClassId }) => shareClassId === 'tsp:c-fund')
      expect(found.length).toBeGreaterThan(7)
      return found
    }, patienceMs)
    await market.close()
    const days = ['2020-07-01', '2020-07-02', '2020-07-06', '2020-07-07', '2020-07-08']
    expect(c.slice(0, 7).map(({ navDate }) => navDate)).toEqual([...days, ...days].slice(0, 7))
    expect(c[0]).toMatchObject({
      fundId: 'tsp:c-fund',
      isin: null,
      navPrice: '10.5',
      priceCurrency: 'USD',
      priceNature: 'INDICATIVE',
      sequence: 1,
    })
    expect(Math.abs(Date.parse(c[0]!.recordedAt) - Date.now())).toBeLessThan(600_000)
    // The restated price, and not what was first recorded.
    expect(c[1]?.navPrice).toBe('99.25')
    const keys = new Set((await published(INTRADAY)).map(({ shareClassId }) => shareClassId))
    expect(keys).toEqual(new Set(['tsp:c-fund', 'tsp:g-fund', 'tsp:l-2065']))
  })

  it('never lets `latest` lag behind `intraday`', async () => {
    const market = await start(10)
    await vi.waitFor(async () => expect((await published(INTRADAY)).length).toBeGreaterThan(5), patienceMs)
    for (let look = 0; look < 20; look++) {
      // In this order: what is appended between the two looks can only help `latest`.
      const intraday = newest(await published(INTRADAY))
      const latest = newest(await published(LATEST))
      for (const [key, sequence] of intraday) expect(latest.get(key)).toBeGreaterThanOrEqual(sequence)
    }
    await market.close()
  })

  it('killed at any moment and started again, leaves no gap in any share class', async () => {
    for (let life = 0; life < 4; life++) {
      const child = marketProcess(5)
      const before = (await published(LATEST).catch(() => [])).length
      await vi.waitFor(async () => expect((await published(LATEST)).length).toBeGreaterThan(before + 3), patienceMs)
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 60))
      child.kill('SIGKILL')
      await once(child, 'exit')
    }
    const market = await start(10)
    await vi.waitFor(
      async () => expect(newest(await published(INTRADAY)).get('tsp:c-fund')).toBeGreaterThan(20),
      patienceMs,
    )
    await market.close()
    expectNoGaps(await published(INTRADAY))
    expectNoGaps(await published(LATEST))
    // Closing may come between the two topics, as a crash may: the next start heals it.
    const [intraday, latest] = [newest(await published(INTRADAY)), newest(await published(LATEST))]
    expect([...intraday.keys()].sort()).toEqual([...latest.keys()].sort())
    for (const [key, sequence] of latest) expect([0, 1]).toContain(sequence - intraday.get(key)!)
  })

  it('heals a crash between the two topics: what only `latest` has is appended to `intraday`', async () => {
    const market = await start(10)
    await vi.waitFor(async () => expect((await published(INTRADAY)).length).toBeGreaterThan(5), patienceMs)
    await market.close()
    await query(
      `delete from event_log.record r using (
         select key, max("offset") as newest from event_log.record where topic = $1 group by key) n
       where r.topic = $1 and r.key = n.key and r."offset" = n.newest`,
      [INTRADAY],
    )
    const again = await start(10)
    await vi.waitFor(async () => {
      const found = newest(await published(INTRADAY)).get('tsp:c-fund') ?? 0
      expect(found).toBeGreaterThan((newest(await published(LATEST)).get('tsp:c-fund') ?? 0) - 2)
      expect(found).toBeGreaterThan(5)
    }, patienceMs)
    await again.close()
    expectNoGaps(await published(INTRADAY))
  })

  it('finishes a day that only some share classes had when it crashed', async () => {
    const market = await start(60_000)
    await vi.waitFor(async () => expect((await published(INTRADAY)).length).toBe(2), patienceMs)
    await market.close()
    await query(`delete from event_log.record where key = 'tsp:g-fund'`)
    await start(60_000)
    await vi.waitFor(async () => {
      const days = (await published(INTRADAY)).filter(({ shareClassId }) => shareClassId === 'tsp:g-fund')
      expect(days[0]).toMatchObject({ navDate: '2020-07-01', sequence: 1 })
    }, patienceMs)
  })

  it('waits for a log whose connections are cut, and skips nothing', async () => {
    const market = await start(10)
    for (let cut = 0; cut < 8; cut++) {
      await new Promise((resolve) => setTimeout(resolve, 150))
      await query(
        `select pg_terminate_backend(pid) from pg_stat_activity
         where datname = current_database() and application_name = 'market'`,
      )
    }
    const before = newest(await published(LATEST)).get('tsp:c-fund') ?? 0
    await vi.waitFor(async () => {
      expect(newest(await published(INTRADAY)).get('tsp:c-fund') ?? 0).toBeGreaterThan(before + 3)
    }, patienceMs)
    await market.close()
    expectNoGaps(await published(INTRADAY))
  })

  it('closes at once, also where neither log nor warehouse is there', async () => {
    const nowhere = 'postgres://nobody:nothing@127.0.0.1:9/nothing'
    const market = await startMarket({ databaseUrl: nowhere, eventLog: { postgresUrl: nowhere }, dayMs: 10, log })
    await Promise.all([market.close(), market.close()])
  })
})

function marketProcess(dayMs: number): ChildProcess {
  const script = fileURLToPath(new URL('./testing/market-process.ts', import.meta.url))
  const program = ['--import', 'tsx', '--conditions=source', script, logins.warehouse, logins.events, String(dayMs)]
  const child = spawn(process.execPath, program, { stdio: ['pipe', 'inherit', 'inherit'] })
  releases.push(async () => child.kill('SIGKILL'))
  return child
}

async function published(topic: string): Promise<NavPublished[]> {
  const found: NavPublished[] = []
  for await (const record of events.read(topic)) found.push(decodeEvent(record).data as NavPublished)
  return found
}

function newest(published: readonly NavPublished[]): Map<string, number> {
  const sequences = new Map<string, number>()
  for (const { shareClassId, sequence } of published) {
    sequences.set(shareClassId, Math.max(sequence, sequences.get(shareClassId) ?? 0))
  }
  return sequences
}

/** As a reader sees it, who drops what it has seen. */
function expectNoGaps(published: readonly NavPublished[]): void {
  const seen = new Map<string, number>()
  for (const { shareClassId, sequence } of published) {
    const last = seen.get(shareClassId) ?? 0
    if (sequence <= last) continue
    expect(sequence, shareClassId).toBe(last + 1)
    seen.set(shareClassId, sequence)
  }
  expect(seen.size).toBe(3)
}

async function query(sql: string, parameters: readonly unknown[] = []): Promise<void> {
  const client = new pg.Client({ connectionString: database.url })
  await client.connect()
  await client.query(sql, [...parameters])
  await client.end()
}

async function fillWarehouse(): Promise<void> {
  const shareClasses = ['tsp:c-fund', 'tsp:g-fund', 'tsp:l-2065', 'amfi:119551']
  await query(
    `insert into gold.fund select id, id, 'House', 'Equity', 'US', 'USD', '2003-06-02' from unnest($1::text[]) id`,
    [shareClasses],
  )
  await query(
    `insert into gold.share_class select id, id, null, id, 'USD', '2003-06-02', true from unnest($1::text[]) id`,
    [shareClasses],
  )
  const nav = (id: string, days: readonly string[], price: number) =>
    query(
      `insert into gold.nav select $1, day, 1, $2::numeric + n, 'USD', 'test', 'test.csv', repeat('0', 64), n, now()
       from unnest($3::date[]) with ordinality d (day, n)`,
      [id, price, days],
    )
  const days = ['2020-07-01', '2020-07-02', '2020-07-06', '2020-07-07', '2020-07-08']
  await nav('tsp:c-fund', ['2019-12-31', ...days], 8.5)
  await nav('tsp:g-fund', days, 16)
  await nav('tsp:l-2065', days.slice(2), 9)
  await nav('amfi:119551', days, 100)
  await query(
    `update gold.nav set recorded_to = recorded_from + interval '1 second'
     where share_class_id = 'tsp:c-fund' and nav_date = '2020-07-02'`,
  )
  await query(
    `insert into gold.nav select share_class_id, nav_date, 2, 99.25, currency, source, file_name, file_sha256, line, recorded_to
     from gold.nav where share_class_id = 'tsp:c-fund' and nav_date = '2020-07-02'`,
  )
}
