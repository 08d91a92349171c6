import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type FreshDatabase, freshDatabase } from '../testing/database.ts'
import { ensureLogin } from './login.ts'

let database: FreshDatabase
let admin: pg.Client

beforeAll(async () => {
  database = await freshDatabase()
  admin = new pg.Client({ connectionString: database.url })
  await admin.connect()
  await admin.query(`create role ${database.name}_group nologin`)
  await admin.query(`create table word as select 'hello' as word`)
  await admin.query(`grant select on word to ${database.name}_group`)
})
afterAll(async () => {
  await admin.query(`drop owned by ${database.name}_group`)
  await admin.query(`drop role ${database.name}_group`)
  await admin.end()
  await database.drop()
})

async function read(url: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query('select current_user as who, word from word')).rows
  } finally {
    await client.end()
  }
}

test('a login has the rights of its group, and none of its own', async () => {
  const role = `${database.name}_reader`
  const url = await ensureLogin(database.url, { role, memberOf: `${database.name}_group`, password: 'p:/@%1' })
  expect(await read(url)).toEqual([{ who: role, word: 'hello' }])
  const { rows } = await admin.query('select rolsuper, rolbypassrls, rolcreatedb from pg_roles where rolname = $1', [
    role,
  ])
  expect(rows).toEqual([{ rolsuper: false, rolbypassrls: false, rolcreatedb: false }])
})

test('a second time, and several at once, bring it up to date', async () => {
  const login = { role: `${database.name}_again`, memberOf: [`${database.name}_group`], password: 'first' }
  await Promise.all([ensureLogin(database.url, login), ensureLogin(database.url, login)])
  const url = await ensureLogin(database.url, { ...login, password: 'second' })
  expect(await read(url)).toHaveLength(1)
})

test('a role that row policies do not bind is refused', async () => {
  const role = `${database.name}_free`
  await admin.query(`create role ${role} login bypassrls`)
  await expect(ensureLogin(database.url, { role, memberOf: [], password: 'x' })).rejects.toThrow(
    `Role ${role} is SUPERUSER or BYPASSRLS`,
  )
})
