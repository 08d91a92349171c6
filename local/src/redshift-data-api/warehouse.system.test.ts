/** The platform's warehouse client against this service: what the subgraphs stand on. */

import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Reading } from '@fundmesh/platform/grants/reading'
import { freePort } from '@fundmesh/platform/testing/port'
import { inList } from '@fundmesh/platform/warehouse/in-list'
import { redshiftWarehouse } from '@fundmesh/platform/warehouse/redshift'
import { redshiftExecutor } from '@fundmesh/platform/warehouse/redshift-executor'
import type { Statement } from '@fundmesh/platform/warehouse/warehouse'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { GRANTS, READER, silent, startTestDataApi, type TestDataApi } from './testing.ts'

let test: TestDataApi

beforeAll(async () => {
  test = await startTestDataApi({ pageBytes: 5_000, connections: 4, activeStatements: 20 })
  await test.admin.query(`
    insert into gold.fund select 'f' || n, 'Fund ' || n, 'House', 'Equity', 'US', 'USD', '2000-01-01' from generate_series(1, 3) n;
    insert into gold.share_class select 'f' || n, 'f' || n, null, 'Class ' || n, 'USD', '2000-01-01', true from generate_series(1, 3) n;
    insert into gold.nav select 'f' || n, '2024-01-01'::date + d, 1, 10 + n + d / 7.0, 'USD', 'test', 'file', repeat('0', 64), d, now()
      from generate_series(1, 3) n, generate_series(0, 299) d`)
})
afterAll(() => test?.close())

beforeEach(async () => {
  await test.admin.query(`delete from gold.row_grant;
    insert into gold.row_grant values ('g1', 'alder', 'FUND', 'f1', '2000-01-01'), ('g2', 'birch', 'SHARE_CLASS', 'f2', '2000-01-01')`)
})

const options = (more: { deadlineMs?: number; secretArn?: string; endpoint?: string; database?: string } = {}) => ({
  endpoint: test.api.url,
  workgroup: 'fundmesh',
  database: 'fundmesh',
  secretArn: READER,
  log: silent,
  ...more,
})
const statement = (sql: string, parameters: Record<string, string> = {}): Statement => ({
  name: 'test.question',
  sql,
  parameters,
})
const reading = (tenant: string): Reading => ({ tenant, channel: 'GRAPHQL', fieldSet: 'NAV' })
const funds = statement('select fund_id from gold.fund order by fund_id')

describe('a question', () => {
  it('gives decimals of 38 digits and dates as the texts that they are', async () => {
    const warehouse = redshiftWarehouse(options()).forReading(reading('alder'))
    const decimal = '1234567890123456789012345678.0123456789'
    const rows = await warehouse.query(
      statement(
        `select :decimal::numeric(38, 10) as price, date '2024-02-29' as day, 1::int8 as n, 0.5::float8 as f,
        true as yes, null as nothing`,
        { decimal },
      ),
    )
    expect(rows).toEqual([{ price: decimal, day: '2024-02-29', n: 1, f: 0.5, yes: true, nothing: null }])
  })

  it('reads every page', async () => {
    const warehouse = redshiftWarehouse(options()).forReading(reading('alder'))
    const rows = await warehouse.query(statement('select nav_date, nav_price from gold.nav order by nav_date'))
    expect(rows).toHaveLength(300)
    expect(new Set(rows.map((row) => row.nav_date)).size).toBe(300)
  })

  it('for many keys is one statement', async () => {
    const warehouse = redshiftWarehouse(options()).forReading(reading('alder'))
    const before = test.api.statements()
    const ids = inList(
      'id',
      Array.from({ length: 100 }, (_, n) => `f${n}`),
    )
    const rows = await warehouse.query({
      name: 'test.many',
      sql: `select share_class_id from gold.share_class where share_class_id in ${ids.sql}`,
      parameters: ids.parameters,
    })
    expect(rows).toEqual([{ share_class_id: 'f1' }])
    const after = test.api.statements()
    expect(after.total - before.total).toBe(1)
    expect(after.byName['test.many']).toBe(1)
  })

  it('about no keys finds nothing', async () => {
    const none = inList('id', [])
    const rows = await redshiftWarehouse(options())
      .forReading(reading('alder'))
      .query(statement(`select fund_id from gold.fund where fund_id in ${none.sql}`, none.parameters))
    expect(rows).toEqual([])
  })

  // One wait is two seconds here, and less than one is left for the rest: a busy machine may need another try.
  it('finishes although it takes longer than one wait', { retry: 10 }, async () => {
    const rows = await redshiftWarehouse(options({ deadlineMs: 2_990 }))
      .forReading(reading('alder'))
      .query(statement('select 1 as one from pg_sleep(2.05)'))
    expect(rows).toEqual([{ one: 1 }])
  })
})

describe('a tenant', () => {
  it('sees its rows and nobody else’s', async () => {
    const port = redshiftWarehouse(options())
    expect(await port.forReading(reading('alder')).query(funds)).toEqual([{ fund_id: 'f1' }])
    expect(await port.forReading(reading('birch')).query(funds)).toEqual([{ fund_id: 'f2' }])
    expect(await port.forReading(reading('nobody')).query(funds)).toEqual([])
    expect(await port.forReading(reading('')).query(funds)).toEqual([])
    const others = statement(`select nav_price from gold.nav where share_class_id = 'f2'`)
    expect(await port.forReading(reading('alder')).query(others)).toEqual([])
  })

  it('never mixes with another that asks at the same time', async () => {
    const port = redshiftWarehouse(options())
    const expected = { alder: ['f1'], birch: ['f2'], nobody: [] as string[] }
    const tenants = Object.keys(expected) as (keyof typeof expected)[]
    const answers = await Promise.all(
      Array.from({ length: 90 }, async (_, index) => {
        const tenant = tenants[index % tenants.length] as keyof typeof expected
        // Every third question fails, so that connections are cleaned up on both ways out.
        const sql = index % 9 === 4 ? 'select 1/0' : `select fund_id, pg_sleep(${(index % 5) / 100}) from gold.fund`
        const rows = await port
          .forReading(reading(tenant))
          .query(statement(sql))
          .catch(() => null)
        return { tenant, rows: rows?.map((row) => row.fund_id) ?? null }
      }),
    )
    for (const { tenant, rows } of answers) if (rows) expect(rows).toEqual(expected[tenant])
    expect(answers.filter(({ rows }) => rows === null)).toHaveLength(10)
  })

  it('cannot be chosen by a question', async () => {
    const question = statement('select :tenant as tenant', { tenant: 'birch' })
    await expect(redshiftWarehouse(options()).forReading(reading('alder')).query(question)).rejects.toThrow(
      'parameter :tenant',
    )
    const region = statement('select :region as region', { region: 'DE' })
    await expect(redshiftWarehouse(options()).forReading(reading('alder')).query(region)).rejects.toThrow(
      'parameter :region',
    )
  })

  it('that loses its grant sees nothing from then on', async () => {
    const warehouse = redshiftWarehouse(options()).forReading(reading('alder'))
    expect(await warehouse.query(funds)).toHaveLength(1)
    await test.admin.query(`delete from gold.row_grant where tenant_id = 'alder'`)
    expect(await warehouse.query(funds)).toEqual([])
  })
})

describe('an error', () => {
  it('names the question and shows neither SQL nor values', async () => {
    const question = statement('select :secret::date', { secret: 'not-a-date' })
    const error = await redshiftWarehouse(options())
      .forReading(reading('alder'))
      .query(question)
      .catch((e) => e)
    expect(error).toMatchObject({ name: 'WarehouseError', code: 'REJECTED', statement: 'test.question' })
    expect(error.message).toBe('The warehouse refused "test.question".')
    expect(JSON.stringify({ ...error, cause: error.cause })).not.toContain('not-a-date')
  })

  it('is REJECTED for a request that the Data API does not accept', async () => {
    const unused = redshiftWarehouse(options())
      .forReading(reading('alder'))
      .query(statement('select 1', { unused: 'x' }))
    await expect(unused).rejects.toMatchObject({ code: 'REJECTED' })
  })

  it('is TIMEOUT at the deadline, and the statement runs no longer', async () => {
    const warehouse = redshiftWarehouse(options({ deadlineMs: 300 })).forReading(reading('alder'))
    await expect(warehouse.query(statement('select pg_sleep(33)'))).rejects.toMatchObject({ code: 'TIMEOUT' })
    const running = () =>
      test.admin.query(`select from pg_stat_activity where state = 'active' and query like '%pg_sleep(33)%'
        and pid <> pg_backend_pid()`)
    await expect.poll(async () => (await running()).rowCount).toBe(0)
  })

  it('is UNAVAILABLE when nobody answers', async () => {
    const endpoint = `http://127.0.0.1:${await freePort()}`
    const port = redshiftWarehouse(options({ endpoint, deadlineMs: 2_000 }))
    await expect(port.forReading(reading('alder')).query(funds)).rejects.toMatchObject({ code: 'UNAVAILABLE' })
    await expect(port.ping()).rejects.toMatchObject({ code: 'UNAVAILABLE', statement: 'warehouse.ping' })
  })

  it('is TIMEOUT when somebody listens and never answers', async () => {
    const silentServer = createServer(() => {})
    silentServer.listen(0, '127.0.0.1')
    await once(silentServer, 'listening')
    const endpoint = `http://127.0.0.1:${(silentServer.address() as AddressInfo).port}`
    const port = redshiftWarehouse(options({ endpoint, deadlineMs: 200 }))
    await expect(port.forReading(reading('alder')).query(funds)).rejects.toMatchObject({ code: 'TIMEOUT' })
    silentServer.closeAllConnections()
    silentServer.close()
  })
})

it('a full Data API is tried again until there is room', async () => {
  const port = redshiftWarehouse(options())
  const slow = statement('select 1 as one from pg_sleep(0.2)')
  // Twice the quota of active statements.
  const answers = await Promise.all(Array.from({ length: 40 }, () => port.forReading(reading('alder')).query(slow)))
  expect(answers.every(([row]) => row?.one === 1)).toBe(true)
})

it('ping is one statement for all who ask at the same time', async () => {
  const port = redshiftWarehouse(options())
  const before = test.api.statements().byName['warehouse.ping'] ?? 0
  await Promise.all([port.ping(), port.ping(), port.ping()])
  expect(test.api.statements().byName['warehouse.ping']).toBe(before + 1)
})

describe('the executor', () => {
  const grant = (id: string, tenant: string): Statement => ({
    name: 'grants.add',
    sql: `insert into gold.row_grant values (:id, :tenant, 'FUND', 'f3', '2000-01-01')`,
    parameters: { id, tenant },
  })
  const granted = async () =>
    (await test.admin.query(`select grant_id, tenant_id from gold.row_grant where resource_id = 'f3' order by 1`)).rows

  it('applies statements whose parameters share their names', async () => {
    const executor = redshiftExecutor(options({ secretArn: GRANTS }))
    await executor.execute([grant('x1', 'alder'), grant('x2', 'birch')])
    expect(await granted()).toEqual([
      { grant_id: 'x1', tenant_id: 'alder' },
      { grant_id: 'x2', tenant_id: 'birch' },
    ])
    expect(await redshiftWarehouse(options()).forReading(reading('birch')).query(funds)).toEqual([
      { fund_id: 'f2' },
      { fund_id: 'f3' },
    ])
  })

  it('changes nothing when one of them fails', async () => {
    const executor = redshiftExecutor(options({ secretArn: GRANTS }))
    const twice = executor.execute([grant('x1', 'alder'), grant('x1', 'birch')])
    await expect(twice).rejects.toMatchObject({ code: 'REJECTED', statement: 'grants.add' })
    expect(await granted()).toEqual([])
  })

  it('may write with no other login', async () => {
    const asReader = redshiftExecutor(options({ secretArn: READER })).execute([grant('x1', 'alder')])
    await expect(asReader).rejects.toMatchObject({ code: 'REJECTED' })
  })

  it('takes nothing, and no more than one batch', async () => {
    const executor = redshiftExecutor(options({ secretArn: GRANTS }))
    await executor.execute([])
    const tooMany = Array.from({ length: 41 }, (_, n) => grant(`x${n}`, 'alder'))
    await expect(executor.execute(tooMany)).rejects.toThrow('expected at most 40 statements in "grants.add", got 41')
  })
})
