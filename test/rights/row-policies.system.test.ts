/** The row policies as PostgreSQL runs them: values are read by their index, under an embargo too; older warehouses come along. */
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ensureLogin } from '@fundmesh/platform/postgres/login'
import { migrate } from '@fundmesh/platform/postgres/migrate'
import { type FreshDatabase, freshDatabase } from '@fundmesh/platform/testing/database'
import { namedParameters } from '@fundmesh/platform/warehouse/named-parameters'
import type { Statement, Warehouse } from '@fundmesh/platform/warehouse/warehouse'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as fund from '../../subgraphs/fund/src/store/navs.ts'
import * as performance from '../../subgraphs/performance/src/store/navs.ts'
import * as risk from '../../subgraphs/risk/src/store/navs.ts'

let database: FreshDatabase
let reader: pg.Client
const plans: string[] = []

/** Answers nothing, and keeps the plan of each question. */
const explaining: Warehouse = {
  async query({ sql, parameters }: Statement) {
    const found = namedParameters(sql).toReversed()
    const text = found.reduce(
      (rest, { name, start, end }) => `${rest.slice(0, start)}${pg.escapeLiteral(parameters[name]!)}${rest.slice(end)}`,
      sql,
    )
    await reader.query('begin')
    await reader.query(`select set_config('app.tenant', 'alder', true), set_config('app.channel', 'GRAPHQL', true),
      set_config('app.field_set', 'NAV', true)`)
    const { rows } = await reader.query<{ 'QUERY PLAN': string }>(`explain (costs off) ${text}`)
    await reader.query('commit')
    plans.push(rows.map((row) => row['QUERY PLAN']).join('\n'))
    return []
  },
}

beforeAll(async () => {
  database = await freshDatabase()
  const folder = fileURLToPath(new URL('../../contracts/warehouse', import.meta.url))
  await migrate(database.url, { set: 'warehouse', folder })
  const role = `${database.name}_warehouse_reader`
  const login = await ensureLogin(database.url, { role, memberOf: 'warehouse_reader', password: 'reader' })
  const admin = new pg.Client(database.url)
  await admin.connect()
  await admin.query(`
    insert into gold.fund select 'x:' || n, 'Fund', 'House', 'Equity', 'DE', 'EUR', '2000-01-01' from generate_series(1, 500) n;
    insert into gold.share_class select 'x:' || n, 'x:' || n, null, 'Class', 'EUR', '2000-01-01', true from generate_series(1, 500) n;
    insert into gold.nav select 'x:' || n, '2022-01-01'::date + d, 1, 100, 'EUR', 'test', 'file', repeat('0', 64), d + 1, now()
      from generate_series(1, 500) n, generate_series(0, 499) d;
    insert into gold.row_grant (grant_id, tenant_id, resource_kind, resource_id, valid_from, embargo_days)
      select 'g-' || n, 'alder', 'FUND', 'x:' || n, '2000-01-01', n % 2 * 30 from generate_series(1, 400) n;`)
  await admin.query('vacuum analyze gold.nav')
  await admin.query('analyze')
  await admin.end()
  reader = new pg.Client(login)
  await reader.connect()
})
afterAll(async () => {
  await reader?.end()
  await database?.drop()
})

describe('PostgreSQL reads values by their index', () => {
  const asOf = { validAt: '2023-01-01', knownAt: '2030-01-01T00:00:00.000Z' }
  const ids = (count: number) => Array.from({ length: count }, (_, n) => `x:${n + 1}`)

  it.each<[string, number, (shareClasses: readonly string[]) => Promise<unknown>]>([
    ['the newest of one share class, for the fund team', 1, (some) => fund.latestNavs(explaining, some, asOf)],
    ['the newest of a portfolio, for the fund team', 40, (some) => fund.latestNavs(explaining, some, asOf)],
    ['the newest of a portfolio, for performance', 40, (some) => performance.latestNavs(explaining, some, asOf)],
    ['a series, for performance', 3, (some) => performance.navSeries(explaining, some, asOf.knownAt)],
    [
      'a window, for risk',
      3,
      (some) => risk.navWindows(explaining, some, { from: '2022-06-01', to: '2023-01-01', knownAt: asOf.knownAt }),
    ],
    [
      'a page of a history, for the fund team',
      3,
      (some) =>
        fund.navHistories(explaining, some, {
          from: undefined,
          to: undefined,
          after: '2022-06-01',
          knownAt: asOf.knownAt,
          rows: 50,
        }),
    ],
  ])('%s', async (_, count, ask) => {
    plans.length = 0
    await ask(ids(count))
    expect(plans).toHaveLength(1)
    expect(plans[0]).toMatch(/Index (Only )?Scan.* on nav|Bitmap Index Scan on (nav_pkey|one_open_nav)/)
    expect(plans[0]).not.toMatch(/Seq Scan on nav/)
  })
})

describe('the warehouse’s migrations', () => {
  it('bring a warehouse of the version before: its grants are without limits', async () => {
    const old = await freshDatabase()
    const folder = fileURLToPath(new URL('../../contracts/warehouse', import.meta.url))
    const before = await mkdtemp(join(tmpdir(), 'warehouse-'))
    await cp(join(folder, '001-gold.sql'), join(before, '001-gold.sql'))
    await migrate(old.url, { set: 'warehouse', folder: before })
    const role = `${old.name}_warehouse_reader`
    const login = await ensureLogin(old.url, { role, memberOf: 'warehouse_reader', password: 'reader' })
    const admin = new pg.Client(old.url)
    await admin.connect()
    await admin.query(`
      insert into gold.fund values ('f', 'F', 'House', 'Equity', 'US', 'USD', '2000-01-01');
      insert into gold.share_class values ('s', 'f', null, 'S', 'USD', '2000-01-01', true);
      insert into gold.nav values ('s', '2024-01-01', 1, 1, 'USD', 'test', 'file', repeat('0', 64), 1, now());
      insert into gold.row_grant values ('g', 'alder', 'FUND', 'f', '2000-01-01')`)
    expect(await migrate(old.url, { set: 'warehouse', folder })).toContain('002-readings.sql')
    await admin.end()
    const client = new pg.Client(login)
    await client.connect()
    await client.query('begin')
    await client.query(
      `select set_config('app.tenant', 'alder', true), set_config('app.channel', 'KAFKA', true), set_config('app.field_set', 'RISK', true)`,
    )
    const { rows } = await client.query('select share_class_id, nav_price::text from gold.nav')
    expect(rows).toEqual([{ share_class_id: 's', nav_price: '1.0000000000' }])
    await client.end()
    await rm(before, { recursive: true })
    await old.drop()
  })
})
