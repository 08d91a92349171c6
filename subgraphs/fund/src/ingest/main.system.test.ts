import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { ensureLogin } from '@fundmesh/platform/postgres/login'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type FreshWarehouse, freshWarehouse } from './testing/fresh-warehouse.ts'

const file = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const referenceRates = file('../../fixtures/data/ecb/eurofxref-hist.csv.gz')

let warehouse: FreshWarehouse
beforeAll(async () => {
  warehouse = await freshWarehouse()
})
afterAll(() => warehouse?.drop())

/** The command in a process of its own. */
function ingest(args: readonly string[], databaseUrl = warehouse.writerUrl) {
  return new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
    const child = execFile(
      process.execPath,
      ['--import', 'tsx', '--conditions=source', file('main.ts'), ...args],
      { env: { ...process.env, DATABASE_URL: databaseUrl } },
      (_, stdout, stderr) => resolve({ code: child.exitCode!, stdout, stderr }),
    )
  })
}

test('the command says what it did, twice', async () => {
  const first = await ingest(['ecb', referenceRates])
  expect(first.code).toBe(0)
  expect(first.stdout).toMatch(/^ecb eurofxref-hist\.csv\.gz: 5,960 rows read in [\d.]+ s\n/)
  expect(first.stdout).toContain('58,063 new, 0 restated, 0 unchanged, 0 repeated, 0 quarantined\n')
  const second = await ingest(['ecb', referenceRates])
  expect(second.stdout).toContain('0 new, 0 restated, 58,063 unchanged, 0 repeated, 0 quarantined\n')
  expect(second.stdout).toContain('the very same file was loaded before: nothing was changed\n')
})

test.each([
  [[], 'usage: npm run ingest -- <tsp|amfi|ecb> <path>'],
  [['ecb'], 'usage: npm run ingest -- <tsp|amfi|ecb> <path>'],
  [['bloomberg', referenceRates], 'unknown source "bloomberg": expected one of tsp, amfi, ecb'],
  [['tsp', '/absent.csv'], '/absent.csv: there is no such file'],
  [
    ['tsp', referenceRates],
    'eurofxref-hist.csv.gz: wrong header: column 2, "USD", is no fund that tsp-funds.json knows',
  ],
])('%j is refused in one sentence, with exit code 1', async (args, sentence) => {
  const { code, stdout, stderr } = await ingest(args)
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
  expect(stderr).toBe(`${sentence}\n`)
})

test('a login that may not write is one sentence', async () => {
  const role = `${new URL(warehouse.adminUrl).pathname.slice(1)}_warehouse_reader`
  const reader = await ensureLogin(warehouse.adminUrl, { role, memberOf: 'warehouse_reader', password: 'reader' })
  const { code, stderr } = await ingest(['ecb', referenceRates], reader)
  expect(code).toBe(1)
  expect(stderr).toBe('the warehouse refused, nothing was changed: permission denied for schema silver\n')
})

test('a warehouse that cannot be reached is one sentence without its password', async () => {
  const { code, stderr } = await ingest(['ecb', referenceRates], 'postgres://writer:secret@127.0.0.1:1/fundmesh')
  expect(code).toBe(1)
  expect(stderr).toContain('the warehouse cannot be reached: ')
  expect(stderr).not.toContain('secret')
})

test('a database that was not migrated is one sentence', async () => {
  const server = new URL(warehouse.adminUrl)
  server.pathname = '/postgres'
  const { code, stderr } = await ingest(['ecb', referenceRates], server.href)
  expect(code).toBe(1)
  expect(stderr.trimEnd().split('\n').at(-1)).toBe(
    'the warehouse has no tables for the ingest yet: run npm start once, or its migrations',
  )
})
