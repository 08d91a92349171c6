import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import pg from 'pg'
import { afterEach, expect, test } from 'vitest'
import { freePort } from '../testing/port.ts'
import { type EmbeddedPostgres, startEmbeddedPostgres } from './embedded.ts'

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

function newFolder(mode = 0o711): string {
  const folder = mkdtempSync(join(tmpdir(), 'fundmesh-embedded-'))
  chmodSync(folder, mode)
  closing.push(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

async function start(dataDir: string, port: number): Promise<EmbeddedPostgres> {
  const postgres = await startEmbeddedPostgres({ dataDir, port, durable: false })
  closing.push(() => postgres.stop())
  return postgres
}

async function ask(url: string, sql: string): Promise<unknown> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query({ text: sql, rowMode: 'array' })).rows[0]?.[0]
  } finally {
    await client.end()
  }
}

/** The process id of the server on a folder. */
function serverOf(folder: string): number {
  return Number(readFileSync(join(folder, 'data', 'postmaster.pid'), 'utf8').split('\n')[0])
}

function lives(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

async function untilGone(pid: number): Promise<void> {
  while (lives(pid)) await new Promise((resolve) => setTimeout(resolve, 20))
}

test('data survives a restart of the server', async () => {
  const folder = newFolder()
  const port = await freePort()
  const first = await start(folder, port)
  await ask(first.url, `create table kept as select 'still here' as word`)
  await first.stop()
  const second = await start(folder, port)
  expect(await ask(second.url, 'select word from kept')).toBe('still here')
})

test('when the owner is killed with SIGKILL, no server is left, and the next start on the same folder and port works', async () => {
  const folder = newFolder()
  const port = await freePort()
  const module = JSON.stringify(new URL('./embedded.ts', import.meta.url).href)
  const owner = spawn(
    process.execPath,
    [
      '--import',
      'tsx',
      '--conditions=source',
      '--input-type=module',
      '-e',
      `import { startEmbeddedPostgres } from ${module}
       await startEmbeddedPostgres({ dataDir: ${JSON.stringify(folder)}, port: ${port} })
       console.log('started')
       setInterval(() => {}, 1000)`,
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  await once(createInterface({ input: owner.stdout }), 'line')
  const server = serverOf(folder)
  expect(lives(server)).toBe(true)
  owner.kill('SIGKILL')
  const next = await start(folder, port)
  await untilGone(server)
  expect(await ask(next.url, 'select 1')).toBe(1)
})

test('tells its owner when the server ends by itself', async () => {
  const folder = newFolder()
  const postgres = await start(folder, await freePort())
  process.kill(serverOf(folder), 'SIGKILL')
  await postgres.ended
})

test.runIf(process.getuid?.() === 0)(
  'as root with an unreachable folder, the data stands elsewhere and is found again',
  async () => {
    const folder = join(newFolder(0o700), 'data')
    const port = await freePort()
    const first = await start(folder, port)
    const elsewhere = realpathSync(join(folder, 'elsewhere'))
    expect(elsewhere.startsWith(folder)).toBe(false)
    closing.push(() => rmSync(elsewhere, { recursive: true }))
    await ask(first.url, `create table kept as select 'still here' as word`)
    await first.stop()
    const second = await start(folder, port)
    expect(await ask(second.url, 'select word from kept')).toBe('still here')
  },
)

test('a port in use is named', async () => {
  const port = await freePort()
  const other = createServer().listen(port, '127.0.0.1')
  closing.push(() => other.close())
  await once(other, 'listening')
  await expect(start(newFolder(), port)).rejects.toMatchObject({
    code: 'PORT_IN_USE',
    message: `Port ${port} on 127.0.0.1, wanted by PostgreSQL, is in use by another program.`,
  })
})

test('a folder on which another server runs is refused', async () => {
  const folder = newFolder()
  await start(folder, await freePort())
  await expect(start(folder, await freePort())).rejects.toMatchObject({
    code: 'ALREADY_RUNNING',
    message: `Another Fundmesh (its PostgreSQL is process ${serverOf(folder)}) is running on the folder ${folder}: stop it, or choose another folder.`,
  })
})

test('a corrupt data folder is refused in one sentence', async () => {
  const folder = newFolder()
  await (await start(folder, await freePort())).stop()
  writeFileSync(join(folder, 'data', 'global', 'pg_control'), Buffer.alloc(8192))
  await expect(start(folder, await freePort())).rejects.toMatchObject({
    code: 'DATA_CORRUPT',
    message: expect.stringContaining(`${folder}`),
  })
  rmSync(join(folder, 'data', 'PG_VERSION'))
  await expect(start(folder, await freePort())).rejects.toMatchObject({
    code: 'DATA_CORRUPT',
    message: `The folder ${folder} is not a complete PostgreSQL folder (data/PG_VERSION is missing): move it away, and a new one is made.`,
  })
})

test('a data folder of another major version is refused with both versions', async () => {
  const folder = newFolder()
  await (await start(folder, await freePort())).stop()
  writeFileSync(join(folder, 'data', 'PG_VERSION'), '15\n')
  await expect(start(folder, await freePort())).rejects.toMatchObject({
    code: 'OTHER_VERSION',
    message: expect.stringMatching(/version 15.*version 17\.10/),
  })
})

test('an interrupted first start leaves nothing that looks finished', async () => {
  const folder = newFolder()
  mkdirSync(join(folder, 'data.99999'))
  const postgres = await start(folder, await freePort())
  expect(await ask(postgres.url, 'select 1')).toBe(1)
  expect(existsSync(join(folder, 'data', 'PG_VERSION'))).toBe(true)
})
