import {
  BatchExecuteStatementCommand,
  DescribeStatementCommand,
  ExecuteStatementCommand,
  type ExecuteStatementCommandInput,
  RedshiftDataClient,
} from '@aws-sdk/client-redshift-data'
import { freePort } from '@fundmesh/platform/testing/port'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startDataApi } from './server.ts'
import { READER, silent, startTestDataApi, TARGET, type TestDataApi } from './testing.ts'

let test: TestDataApi

beforeAll(async () => {
  test = await startTestDataApi({
    activeStatements: 2,
    waitingRequests: 1,
    resultBytes: 100_000,
    keptStatements: 5,
    connections: 2,
  })
})
afterAll(() => test?.close())

const execute = (Sql: string, input: Partial<ExecuteStatementCommandInput> = {}) =>
  test.client.send(new ExecuteStatementCommand({ ...TARGET, Sql, WaitTimeSeconds: 10, ...input }))

const post = (target: string | undefined, body: string, method = 'POST') =>
  fetch(test.api.url, {
    method,
    headers: { 'content-type': 'application/x-amz-json-1.1', ...(target ? { 'x-amz-target': target } : {}) },
    ...(method === 'POST' ? { body } : {}),
  })

describe('what is no call', () => {
  it.each([
    ['an unknown operation', 'RedshiftData.DropEverything', '{}', 400, 'UnknownOperationException'],
    ['another service', 'DynamoDB_20120810.GetItem', '{}', 400, 'UnknownOperationException'],
    ['no operation', undefined, '{}', 400, 'UnknownOperationException'],
    ['malformed JSON', 'RedshiftData.ExecuteStatement', '{"Sql":', 400, 'SerializationException'],
    ['JSON that is no object', 'RedshiftData.ExecuteStatement', '[]', 400, 'ValidationException'],
    ['too much', 'RedshiftData.ExecuteStatement', ' '.repeat(17 << 20), 413, 'RequestEntityTooLargeException'],
  ])('is answered with a typed error, and the service goes on: %s', async (_, target, body, status, type) => {
    const response = await post(target, body)
    expect(response.status).toBe(status)
    expect(await response.json()).toMatchObject({ __type: type, Message: expect.any(String) })
    expect(response.headers.get('content-type')).toBe('application/x-amz-json-1.1')
    expect(await execute('select 1')).toMatchObject({ Status: 'FINISHED' })
  })

  it('is a GET too', async () => {
    expect((await post(undefined, '', 'GET')).status).toBe(400)
  })
})

describe('a ValidationException', () => {
  it.each<[string, Partial<ExecuteStatementCommandInput>, string]>([
    ['a missing workgroup', { WorkgroupName: undefined }, 'Either ClusterIdentifier or WorkgroupName'],
    ['another database', { Database: 'postgres' }, 'Database: expected "fundmesh", got "postgres".'],
    ['an empty statement', { Sql: ' ' }, 'Sql: '],
    ['a statement over 100 kB', { Sql: `select '${'x'.repeat(100_000)}'` }, 'query string larger than 100kB'],
    ['a wait of a minute', { WaitTimeSeconds: 60 }, 'WaitTimeSeconds: '],
    ['an unused parameter', { Parameters: [{ name: 'a', value: '1' }] }, 'Unused parameters: [a]'],
    ['an empty list of parameters', { Parameters: [] }, 'Parameters: '],
    ['a feature that only the real service has', { SessionKeepAliveSeconds: 60 }, 'SessionKeepAliveSeconds: not supp'],
    ['transaction control', { Sql: '/* a */ commit' }, 'Transaction control is not allowed: COMMIT'],
  ])('names what is wrong with %s', async (_, input, message) => {
    const call = execute('select 1', input)
    await expect(call).rejects.toMatchObject({ name: 'ValidationException', message: expect.stringContaining(message) })
  })

  it('limits a batch to 40 statements', async () => {
    const Sqls = Array.from({ length: 41 }, () => 'select 1')
    const call = test.client.send(new BatchExecuteStatementCommand({ ...TARGET, Sqls }))
    await expect(call).rejects.toMatchObject({ name: 'ValidationException' })
  })
})

it('an unknown SecretArn is a ResourceNotFoundException that names it', async () => {
  const SecretArn = 'arn:aws:secretsmanager:local:000000000000:secret:nobody'
  const call = execute('select 1', { SecretArn })
  await expect(call).rejects.toMatchObject({ name: 'ResourceNotFoundException', ResourceId: SecretArn })
})

it('more statements than the quota are an ActiveStatementsExceededException, until one ends', async () => {
  const before = test.api.statements().total
  const slow = [execute('select pg_sleep(3)'), execute('select pg_sleep(3)')]
  await expect.poll(() => test.api.statements().total).toBe(before + 2)
  await expect(execute('select 1')).rejects.toMatchObject({ name: 'ActiveStatementsExceededException' })
  await Promise.all(slow)
  expect(await execute('select 1')).toMatchObject({ Status: 'FINISHED' })
})

it('more waiting requests than the quota are an ActiveWaitingRequestsExceededException', async () => {
  const { Id } = await execute('select pg_sleep(3)', { WaitTimeSeconds: 0 })
  const wait = () => test.client.send(new DescribeStatementCommand({ Id, WaitTimeSeconds: 10 }))
  const outcomes = await Promise.allSettled([wait(), wait()])
  expect(outcomes).toContainEqual(
    expect.objectContaining({ reason: expect.objectContaining({ name: 'ActiveWaitingRequestsExceededException' }) }),
  )
  expect(outcomes).toContainEqual(expect.objectContaining({ value: expect.objectContaining({ Status: 'FINISHED' }) }))
})

it('a result over the limit fails its statement and is not kept', async () => {
  const { Id, Status } = await execute('select n, repeat($$x$$, 1000) from generate_series(1, 1000000) n')
  expect(Status).toBe('FAILED')
  const described = await test.client.send(new DescribeStatementCommand({ Id }))
  expect(described.Error).toBe('Database response exceeded size limit')
})

it('a row over 64 kB fails its statement', async () => {
  const { Id } = await execute('select repeat($$x$$, 70000)')
  const described = await test.client.send(new DescribeStatementCommand({ Id }))
  expect(described).toMatchObject({ Status: 'FAILED', Error: expect.stringContaining('Packet for query is too large') })
})

it('only the last ended statements are remembered', async () => {
  const { Id } = await execute('select 1')
  for (let n = 0; n < 5; n++) await execute('select 1')
  const call = test.client.send(new DescribeStatementCommand({ Id }))
  await expect(call).rejects.toMatchObject({ name: 'ResourceNotFoundException' })
})

it('a database connection that breaks fails its statement and not the service', async () => {
  const { Id } = await execute('select pg_sleep(50)', { WaitTimeSeconds: 1 })
  await test.admin.query(`select pg_terminate_backend(pid) from pg_stat_activity where query like '%pg_sleep(50)%'
    and pid <> pg_backend_pid()`)
  const described = await test.client.send(new DescribeStatementCommand({ Id, WaitTimeSeconds: 10 }))
  expect(described.Status).toBe('FAILED')
  expect(await execute('select 1')).toMatchObject({ Status: 'FINISHED' })
})

describe('a database that is out of reach', () => {
  it.each(['ExecuteStatement', 'BatchExecuteStatement'] as const)('is an %sException', async (operation) => {
    const logins = { [READER]: `postgresql://nobody@127.0.0.1:${await freePort()}/nothing` }
    const api = await startDataApi({ host: '127.0.0.1', port: 0, logins, database: 'fundmesh', log: silent })
    const credentials = { accessKeyId: 'local', secretAccessKey: 'local' }
    const client = new RedshiftDataClient({ endpoint: api.url, region: 'eu-central-1', credentials, maxAttempts: 1 })
    const call =
      operation === 'ExecuteStatement'
        ? client.send(new ExecuteStatementCommand({ ...TARGET, Sql: 'select 1', WaitTimeSeconds: 10 }))
        : client.send(new BatchExecuteStatementCommand({ ...TARGET, Sqls: ['select 1'], WaitTimeSeconds: 10 }))
    await expect(call).rejects.toMatchObject({ name: `${operation}Exception`, StatementId: expect.any(String) })
    client.destroy()
    await api.close()
  })
})

it('closing ends what runs and can be asked twice', async () => {
  const own = await startTestDataApi()
  const running = own.client
    .send(new ExecuteStatementCommand({ ...TARGET, Sql: 'select pg_sleep(60)', WaitTimeSeconds: 30 }))
    .catch((error: Error) => error)
  await expect.poll(() => own.api.statements().total).toBe(1)
  await Promise.all([own.api.close(), own.api.close()])
  expect(await running).toMatchObject({ Status: 'ABORTED' })
  await own.close()
})
