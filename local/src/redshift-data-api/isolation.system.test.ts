/** Nothing that one statement does to its session reaches the next user of the connection. */
import {
  BatchExecuteStatementCommand,
  DescribeStatementCommand,
  GetStatementResultCommand,
} from '@aws-sdk/client-redshift-data'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestDataApi, TARGET, type TestDataApi } from './testing.ts'

let test: TestDataApi

beforeAll(async () => {
  // One connection: whatever leaks reaches the next statement for certain.
  test = await startTestDataApi({ connections: 1 })
  await test.admin.query(`
    insert into gold.fund values ('f1', 'Fund one', 'House', 'Equity', 'US', 'USD', '2000-01-01'),
                                 ('f2', 'Fund two', 'House', 'Equity', 'US', 'USD', '2000-01-01');
    insert into gold.row_grant values ('g1', 'alder', 'FUND', 'f1', '2000-01-01'), ('g2', 'birch', 'FUND', 'f2', '2000-01-01')`)
})
afterAll(() => test?.close())

const ALDER = { 'app.tenant': 'alder', 'app.channel': 'GRAPHQL', 'app.field_set': 'NAV' }
const setAlder = (local: boolean) =>
  `select ${Object.entries(ALDER).map(([name, value]) => `set_config('${name}', '${value}', ${local})`)}`
const SET_ALDER = setAlder(true)
const sets = (set: string) => Object.entries(ALDER).map(([name, value]) => `${set} ${name} = '${value}'`)
const FUNDS = 'select fund_id from gold.fund order by fund_id'

async function run(...Sqls: string[]) {
  const { Id } = await test.client.send(new BatchExecuteStatementCommand({ ...TARGET, Sqls, WaitTimeSeconds: 10 }))
  return await test.client.send(new DescribeStatementCommand({ Id }))
}

async function lastResult(...sqls: string[]) {
  const { Id, Status, Error: error } = await run(...sqls)
  expect({ Status, error }).toEqual({ Status: 'FINISHED', error: undefined })
  const { Records } = await test.client.send(new GetStatementResultCommand({ Id: `${Id}:${sqls.length}` }))
  return Records?.map(([field]) => field?.stringValue)
}

it("a tenant's setting shows its rows and ends with its transaction", async () => {
  expect(await lastResult(SET_ALDER, FUNDS)).toEqual(['f1'])
  expect(await lastResult(FUNDS)).toEqual([])
})

describe('the next statement on the connection sees nothing of', () => {
  it.each([
    ['a setting of the session', [setAlder(false)]],
    ['a SET', sets('set')],
    ['a SET SESSION', sets('set session')],
    ['a setting in a statement that failed', [setAlder(false), 'select 1/0']],
  ])('%s', async (_, sqls) => {
    await run(...sqls)
    expect(await lastResult(FUNDS)).toEqual([])
  })

  it('a temporary table, a changed format, a role', async () => {
    await run(
      'create temporary table fund as select 1 as fund_id',
      `set datestyle = 'German'`,
      'set role warehouse_reader',
    )
    expect(await lastResult(`select '2024-02-29'::date::text where to_regclass('pg_temp.fund') is null`)).toEqual([
      '2024-02-29',
    ])
    expect(await lastResult('select current_user::text')).toEqual([expect.stringMatching(/_warehouse_reader$/)])
  })

  it('an advisory lock', async () => {
    await run('select pg_advisory_lock(42)')
    const { rows } = await test.admin.query(
      `select count(*)::int as held from pg_locks where locktype = 'advisory' and objid = 42`,
    )
    expect(rows).toEqual([{ held: 0 }])
  })
})

describe('a statement cannot widen its rights with', () => {
  it.each([
    ['RESET ROLE', 'reset role'],
    ['RESET SESSION AUTHORIZATION', 'reset session authorization'],
    ['row_security = off', 'set local row_security = off'],
  ])('%s', async (_, sql) => {
    const { SubStatements } = await run(SET_ALDER, sql, FUNDS)
    // The rows of the tenant, or (-1) an error; never all rows.
    expect([1, -1]).toContain(SubStatements?.[2]?.ResultRows)
  })

  it.each([
    ['a role that it is no member of', 'set role warehouse_writer'],
    ['the session authorization of the owner', 'set session authorization postgres'],
    ['a second command behind a semicolon', 'select 1; commit; select 2'],
    ['a commit inside a block', 'do $$ begin commit; end $$'],
    ['a write', `insert into gold.row_grant values ('x', 'birch', 'FUND', 'f1', now())`],
  ])('%s, which fails', async (_, sql) => {
    const { Status } = await run(SET_ALDER, sql, FUNDS)
    expect(Status).toBe('FAILED')
  })
})
