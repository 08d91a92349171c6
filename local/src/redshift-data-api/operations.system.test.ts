import {
  BatchExecuteStatementCommand,
  type BatchExecuteStatementCommandInput,
  CancelStatementCommand,
  DescribeStatementCommand,
  ExecuteStatementCommand,
  type ExecuteStatementCommandInput,
  type Field,
  GetStatementResultCommand,
  ListStatementsCommand,
} from '@aws-sdk/client-redshift-data'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { GRANTS, startTestDataApi, TARGET, type TestDataApi } from './testing.ts'

let test: TestDataApi

beforeAll(async () => {
  test = await startTestDataApi({ pageBytes: 2_000 })
})
afterAll(() => test?.close())

const execute = (Sql: string, input: Partial<ExecuteStatementCommandInput> = {}) =>
  test.client.send(new ExecuteStatementCommand({ ...TARGET, Sql, WaitTimeSeconds: 10, ...input }))
const batch = (Sqls: string[], input: Partial<BatchExecuteStatementCommandInput> = {}) =>
  test.client.send(new BatchExecuteStatementCommand({ ...TARGET, Sqls, WaitTimeSeconds: 10, ...input }))
const describeStatement = (Id: string | undefined, WaitTimeSeconds?: number) =>
  test.client.send(new DescribeStatementCommand({ Id, ...(WaitTimeSeconds ? { WaitTimeSeconds } : {}) }))
const result = (Id: string | undefined, NextToken?: string) =>
  test.client.send(new GetStatementResultCommand({ Id, ...(NextToken ? { NextToken } : {}) }))

async function records(sql: string, parameters: Record<string, string> = {}): Promise<Field[][]> {
  const Parameters = Object.entries(parameters).map(([name, value]) => ({ name, value }))
  const { Id } = await execute(sql, Parameters.length > 0 ? { Parameters } : {})
  return (await result(Id)).Records ?? []
}

describe('ExecuteStatement', () => {
  it('answers at once without WaitTimeSeconds, and the statement ends by itself', async () => {
    const { Id, Status, CreatedAt } = await test.client.send(
      new ExecuteStatementCommand({ ...TARGET, Sql: 'select 1' }),
    )
    expect(Id).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
    expect(['SUBMITTED', 'STARTED', 'FINISHED']).toContain(Status)
    expect(CreatedAt).toBeInstanceOf(Date)
    expect(await describeStatement(Id, 10)).toMatchObject({ Status: 'FINISHED' })
  })

  it('holds its answer back until the statement has ended', async () => {
    expect(await execute('select pg_sleep(0.3)')).toMatchObject({ Status: 'FINISHED', HasResultSet: true })
  })

  it('answers with the state it has come to when the time is up', async () => {
    const { Id, Status } = await execute('select pg_sleep(4)', { WaitTimeSeconds: 1 })
    expect(Status).toBe('STARTED')
    expect(await describeStatement(Id, 10)).toMatchObject({ Status: 'FINISHED' })
  })

  it('binds named parameters as text that the database converts', async () => {
    const rows = await records(`select :day::date + 1, :n::int * 2, :name, ':name', '1'::text -- :comment`, {
      day: '2024-02-28',
      n: '21',
      name: `o'hare; drop table x`,
    })
    expect(rows).toEqual([
      [
        { stringValue: '2024-02-29' },
        { longValue: 42 },
        { stringValue: `o'hare; drop table x` },
        { stringValue: ':name' },
        { stringValue: '1' },
      ],
    ])
  })

  it('runs once for one ClientToken, however often it is sent', async () => {
    const before = test.api.statements().total
    const first = await execute('select 1', { ClientToken: 'the-same-token' })
    const second = await execute('select 1', { ClientToken: 'the-same-token' })
    expect(second.Id).toBe(first.Id)
    expect(test.api.statements().total).toBe(before + 1)
  })
})

describe('GetStatementResult', () => {
  it('gives each type as the real service does', async () => {
    const rows = await records(`select
      12345678901234567890123456789012345678.1234567890::numeric(48, 10), 1.50::numeric, date '2024-02-29',
      timestamp '2024-02-29 12:30:00.5', timestamptz '2024-02-29 12:30:00+02', 7::int2, 8::int4, 9::int8,
      0.1::float8, 0.1::float4, true, false, null::int, 'é'::text, 'ab'::char(3), 'x'::varchar(9)`)
    expect(rows).toEqual([
      [
        { stringValue: '12345678901234567890123456789012345678.1234567890' },
        { stringValue: '1.50' },
        { stringValue: '2024-02-29' },
        { stringValue: '2024-02-29 12:30:00.5' },
        { stringValue: '2024-02-29 10:30:00+00' },
        { longValue: 7 },
        { longValue: 8 },
        { longValue: 9 },
        { doubleValue: 0.1 },
        { doubleValue: 0.1 },
        { booleanValue: true },
        { booleanValue: false },
        { isNull: true },
        { stringValue: 'é' },
        { stringValue: 'ab ' },
        { stringValue: 'x' },
      ],
    ])
  })

  it('describes the columns', async () => {
    const { Id } = await execute(`select 1.5::numeric(38, 10) as price, 'a'::varchar(12) as name, 1::int8 as n`)
    expect((await result(Id)).ColumnMetadata).toMatchObject([
      { name: 'price', label: 'price', typeName: 'numeric', precision: 38, scale: 10, isSigned: true },
      { name: 'name', typeName: 'varchar', precision: 12, length: 12, isCaseSensitive: true },
      { name: 'n', typeName: 'int8', precision: 19, scale: 0 },
    ])
  })

  it('pages with NextToken and loses or repeats no row', async () => {
    const { Id } = await execute('select n::int4, repeat($$x$$, 50) from generate_series(1, 200) n')
    const seen: (number | undefined)[] = []
    let pages = 0
    let token: string | undefined
    do {
      const page = await result(Id, token)
      expect(page.TotalNumRows).toBe(200)
      seen.push(...(page.Records ?? []).map((row) => row[0]?.longValue))
      token = page.NextToken
      pages += 1
    } while (token)
    expect(pages).toBeGreaterThan(5)
    expect(seen).toEqual(Array.from({ length: 200 }, (_, index) => index + 1))
  })

  it('gives an empty result its columns', async () => {
    const { Id, HasResultSet } = await execute('select 1 as one where false')
    expect(HasResultSet).toBe(true)
    expect(await result(Id)).toMatchObject({ Records: [], TotalNumRows: 0, ColumnMetadata: [{ name: 'one' }] })
  })

  it('refuses a token of another statement', async () => {
    const { Id } = await execute('select n, repeat($$x$$, 500) from generate_series(1, 20) n')
    const other = await execute('select 1')
    const { NextToken } = await result(Id)
    await expect(result(other.Id, NextToken)).rejects.toMatchObject({ name: 'ValidationException' })
    await expect(result(Id, 'nonsense')).rejects.toMatchObject({ name: 'ValidationException' })
  })

  it('has nothing for a statement that gives no rows, failed, runs, or is not known', async () => {
    const { Id: failed } = await execute('select 1/0')
    await expect(result(failed)).rejects.toMatchObject({ name: 'ResourceNotFoundException', ResourceId: failed })
    const { Id: running } = await execute('select pg_sleep(4)', { WaitTimeSeconds: 0 })
    await expect(result(running)).rejects.toMatchObject({ name: 'ResourceNotFoundException' })
    const unknown = '00000000-0000-0000-0000-000000000000'
    await expect(result(unknown)).rejects.toMatchObject({ name: 'ResourceNotFoundException', ResourceId: unknown })
    await expect(result('not an id')).rejects.toMatchObject({ name: 'ValidationException' })
  })
})

describe('BatchExecuteStatement', () => {
  const twoGrants = [
    `insert into gold.row_grant values ('g1', :tenant, 'FUND', 'f1', now())`,
    `insert into gold.row_grant values ('g2', :tenant, 'FUND', 'f2', now()), ('g3', 'birch', 'FUND', 'f2', now())`,
  ]
  const asGrants = { SecretArn: GRANTS, Parameters: [{ name: 'tenant', value: 'alder' }] }
  const grantCount = async () => Number((await test.admin.query('select count(*) from gold.row_grant')).rows[0].count)

  it('gives every SQL text an id, a state and a result of its own', async () => {
    const { Id, Status } = await batch(
      [`select set_config('app.x', :x, true)`, `select current_setting('app.x') as x`],
      {
        Parameters: [{ name: 'x', value: 'here' }],
      },
    )
    expect(Status).toBe('FINISHED')
    const described = await describeStatement(Id)
    expect(described).toMatchObject({ Status: 'FINISHED', HasResultSet: true, ExecutionMode: 'TRANSACTION' })
    expect(described.SubStatements).toMatchObject([
      { Id: `${Id}:1`, Status: 'FINISHED', ResultRows: 1 },
      { Id: `${Id}:2`, Status: 'FINISHED', QueryString: `select current_setting('app.x') as x` },
    ])
    expect((await result(`${Id}:2`)).Records).toEqual([[{ stringValue: 'here' }]])
    await expect(result(Id)).rejects.toMatchObject({ name: 'ResourceNotFoundException' })
    await expect(result(`${Id}:3`)).rejects.toMatchObject({ name: 'ResourceNotFoundException' })
  })

  it('commits all its SQL texts together', async () => {
    const { Id, Status } = await batch(twoGrants, asGrants)
    expect(Status).toBe('FINISHED')
    expect((await describeStatement(Id)).SubStatements).toMatchObject([{ ResultRows: 1 }, { ResultRows: 2 }])
    expect(await grantCount()).toBe(3)
    await test.admin.query('delete from gold.row_grant')
  })

  it('changes nothing when one of them fails, and does not run what is behind it', async () => {
    const { Id, Status } = await batch([...twoGrants, 'select 1/0', 'select 1'], asGrants)
    expect(Status).toBe('FAILED')
    const { Error: error, SubStatements } = await describeStatement(Id)
    expect(error).toBe('Query #3 failed with ERROR: division by zero')
    expect(SubStatements?.map((sub) => sub.Status)).toEqual(['FINISHED', 'FINISHED', 'FAILED', 'ABORTED'])
    expect(await grantCount()).toBe(0)
  })

  it('keeps the results of a failed transaction to itself', async () => {
    const { Id } = await batch(['select 1', 'select 1/0'])
    await expect(result(`${Id}:1`)).rejects.toMatchObject({ name: 'ResourceNotFoundException' })
  })

  it('commits one by one in the mode AUTO_COMMIT', async () => {
    const { Id, Status } = await batch([twoGrants[0] as string, 'select 1/0', 'select 1 as one'], {
      ...asGrants,
      ExecutionMode: 'AUTO_COMMIT',
    })
    expect(Status).toBe('FAILED')
    const { SubStatements, ExecutionMode } = await describeStatement(Id)
    expect(ExecutionMode).toBe('AUTO_COMMIT')
    expect(SubStatements?.map((sub) => sub.Status)).toEqual(['FINISHED', 'FAILED', 'FINISHED'])
    expect((await result(`${Id}:3`)).Records).toEqual([[{ longValue: 1 }]])
    expect(await grantCount()).toBe(1)
    await test.admin.query('delete from gold.row_grant')
  })
})

describe('DescribeStatement', () => {
  it('tells what was asked, how it went and how long it took', async () => {
    const { Id } = await execute('select :a as a', { StatementName: 'a.name', Parameters: [{ name: 'a', value: 'b' }] })
    const described = await describeStatement(Id)
    expect(described).toMatchObject({
      Id,
      Status: 'FINISHED',
      QueryString: 'select :a as a',
      QueryParameters: [{ name: 'a', value: 'b' }],
      Database: 'fundmesh',
      WorkgroupName: 'fundmesh',
      SecretArn: TARGET.SecretArn,
      HasResultSet: true,
      ResultRows: 1,
    })
    expect(described.Duration).toBeGreaterThan(0)
    expect(described.UpdatedAt?.getTime()).toBeGreaterThanOrEqual(described.CreatedAt?.getTime() ?? Infinity)
  })

  it("tells the database's error of a failed statement", async () => {
    const { Id, Status } = await execute('select * from nowhere')
    expect(Status).toBe('FAILED')
    expect((await describeStatement(Id)).Error).toBe('ERROR: relation "nowhere" does not exist\n  Position: 15')
  })
})

describe('CancelStatement', () => {
  it('stops a statement that runs and leaves it ABORTED', async () => {
    const { Id } = await execute('select pg_sleep(30)', { WaitTimeSeconds: 1 })
    expect(await test.client.send(new CancelStatementCommand({ Id }))).toMatchObject({ Status: true })
    expect(await describeStatement(Id)).toMatchObject({ Status: 'ABORTED' })
  })

  it('refuses what has ended or is not known', async () => {
    const { Id } = await execute('select 1')
    const ended = test.client.send(new CancelStatementCommand({ Id }))
    await expect(ended).rejects.toMatchObject({ name: 'ValidationException' })
    const unknown = test.client.send(new CancelStatementCommand({ Id: '00000000-0000-0000-0000-000000000000' }))
    await expect(unknown).rejects.toMatchObject({ name: 'ResourceNotFoundException' })
  })
})

describe('ListStatements', () => {
  it('lists by prefix of the name, the newest first, in pages', async () => {
    for (const name of ['list.a', 'list.b', 'list.c', 'other']) await execute('select 1', { StatementName: name })
    const list = (NextToken?: string) =>
      test.client.send(
        new ListStatementsCommand({ StatementName: 'list.', MaxResults: 2, ...(NextToken ? { NextToken } : {}) }),
      )
    const first = await list()
    const second = await list(first.NextToken)
    const all = [...(first.Statements ?? []), ...(second.Statements ?? [])]
    expect(all.map(({ StatementName }) => StatementName)).toEqual(['list.c', 'list.b', 'list.a'])
    expect(second.NextToken).toBeUndefined()
  })
})
