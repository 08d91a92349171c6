import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ensureDatabase } from '@fundmesh/platform/postgres/database'
import { startEmbeddedPostgres } from '@fundmesh/platform/postgres/embedded'
import { freePort } from '@fundmesh/platform/testing/port'
import { Client } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openWarehouse } from './warehouse.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fundmesh-warehouse-'))
  await chmod(folder, 0o711) // As root, PostgreSQL runs as another user.
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const databaseOf = async (url: string) => {
  const client = new Client({ connectionString: url })
  await client.connect()
  const { rows } = await client.query('select current_database() as name, inet_server_port() as port')
  await client.end()
  return rows[0]
}

test('without DATABASE_URL and without a folder of npm start there is no warehouse', async () => {
  await expect(openWarehouse({ FUNDMESH_DATA_DIR: folder })).rejects.toThrow(
    'there is no warehouse yet: set DATABASE_URL, or run npm start once',
  )
})

test('the embedded warehouse is joined while it runs, and started for us when it does not', async () => {
  const server = await startEmbeddedPostgres({
    dataDir: join(folder, 'postgres'),
    port: await freePort(),
    durable: false,
  })
  await ensureDatabase(server.url, 'fundmesh')
  const env = { FUNDMESH_DATA_DIR: folder, POSTGRES_PORT: String(await freePort()) }
  {
    await using joined = await openWarehouse(env)
    expect(await databaseOf(joined.url)).toEqual({ name: 'fundmesh', port: Number(new URL(server.url).port) })
  }
  await databaseOf(server.url)
  await server.stop()

  let url: string
  {
    await using started = await openWarehouse(env)
    url = started.url
    expect(await databaseOf(url)).toEqual({ name: 'fundmesh', port: Number(env.POSTGRES_PORT) })
  }
  await expect(databaseOf(url)).rejects.toThrow('ECONNREFUSED')
})

test('DATABASE_URL wins, and a wrong setting is named', async () => {
  expect((await openWarehouse({ DATABASE_URL: 'postgres://db/x', FUNDMESH_DATA_DIR: folder })).url).toBe(
    'postgres://db/x',
  )
  await expect(openWarehouse({ DATABASE_URL: 'mysql://db/x' })).rejects.toThrow('DATABASE_URL')
})
