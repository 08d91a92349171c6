import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type FreshDatabase, freshDatabase } from '../testing/database.ts'
import { migrate } from './migrate.ts'

let database: FreshDatabase
let folder: string

beforeEach(async () => {
  database = await freshDatabase()
  folder = mkdtempSync(join(tmpdir(), 'fundmesh-migrate-'))
})
afterEach(async () => {
  rmSync(folder, { recursive: true })
  await database.drop()
})

const write = (file: string, sql: string) => writeFileSync(join(folder, file), sql)
const run = (set = 'warehouse') => migrate(database.url, { set, folder })

async function rows(sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: database.url })
  await client.connect()
  try {
    return (await client.query(sql)).rows
  } finally {
    await client.end()
  }
}

test('applies the files once, in order, and later only the new ones', async () => {
  write('001-first.sql', 'create table word (word text)')
  write('002-second.sql', `insert into word values ('two')`)
  expect(await run()).toEqual(['001-first.sql', '002-second.sql'])
  expect(await run()).toEqual([])
  write('003-third.sql', `insert into word values ('three')`)
  expect(await run()).toEqual(['003-third.sql'])
  expect(await rows('select word from word')).toEqual([{ word: 'two' }, { word: 'three' }])
})

test('several processes at once apply each file once', async () => {
  write('001-first.sql', 'create table word (word text)')
  write('002-second.sql', `insert into word values ('two')`)
  const applied = await Promise.all([run(), run(), run(), run()])
  expect(applied.flat()).toEqual(['001-first.sql', '002-second.sql'])
})

test('a failing file changes nothing, is named, and is tried again after its repair', async () => {
  write('001-first.sql', 'create table word (word text); select 1 / 0')
  await expect(run()).rejects.toThrow('Migration 001-first.sql failed: division by zero')
  write('001-first.sql', 'create table word (word text)')
  expect(await run()).toEqual(['001-first.sql'])
})

test('a changed applied file is refused by name; other line ends are no change', async () => {
  write('001-first.sql', 'create table word\n  (word text)')
  await run()
  write('001-first.sql', 'create table word\r\n  (word text)')
  expect(await run()).toEqual([])
  write('001-first.sql', 'create table word (word varchar)')
  await expect(run()).rejects.toThrow('Migration 001-first.sql of the set warehouse was changed after it was applied')
})

test('a file that is gone, comes too late, or repeats a number is refused by name', async () => {
  write('001-first.sql', 'select 1')
  write('003-third.sql', 'select 1')
  await run()
  write('002-second.sql', 'select 1')
  await expect(run()).rejects.toThrow('Migration 002-second.sql of the set warehouse comes too late: 003-third.sql')
  rmSync(join(folder, '002-second.sql'))
  rmSync(join(folder, '003-third.sql'))
  await expect(run()).rejects.toThrow('Migration 003-third.sql of the set warehouse was applied, but its file is gone')
  write('001-again.sql', 'select 1')
  await expect(run()).rejects.toThrow('001-again.sql and 001-first.sql')
})

test('sets are independent', async () => {
  write('001-first.sql', 'create table if not exists word (word text)')
  expect(await run('warehouse')).toEqual(['001-first.sql'])
  expect(await run('ingest')).toEqual(['001-first.sql'])
})
