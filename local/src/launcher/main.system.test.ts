import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '@fundmesh/platform/testing/port'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { PORT_VARIABLES } from './ports.ts'
import { programArguments, ROOT } from './workspace.ts'

let dataDir: string
let env: NodeJS.ProcessEnv
const started: ChildProcess[] = []

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'fundmesh-start-'))
  chmodSync(dataDir, 0o711)
  const { DATABASE_URL: _, KAFKA_BROKERS: __, REDIS_URL: ___, ...rest } = process.env
  env = { ...rest, FUNDMESH_DATA_DIR: dataDir }
  for (const variable of Object.values(PORT_VARIABLES)) env[variable] = String(await freePort())
})
afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL') // Where a test failed.
})
afterAll(() => rmSync(dataDir, { recursive: true, force: true }))

interface Start {
  readonly child: ChildProcess
  readonly said: () => string
  readonly exited: Promise<number | null>
}

function npmStart(more: NodeJS.ProcessEnv = {}): Start {
  const child = spawn(process.execPath, programArguments('local', 'main'), {
    cwd: ROOT,
    env: { ...env, ...more },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  started.push(child)
  let said = ''
  const hear = (chunk: Buffer) => {
    said += chunk
  }
  child.stdout.on('data', hear)
  child.stderr.on('data', hear)
  const exited = once(child, 'close').then(([code]) => code as number | null)
  return { child, said: () => said, exited }
}

async function untilReady({ said, exited }: Start): Promise<void> {
  let over = false
  exited.then(() => {
    over = true
  })
  while (!said().includes('Fundmesh is ready')) {
    if (over) throw new Error(`it ended before it was ready:\n${said()}`)
    await sleep(50)
  }
}

/** Processes that were started for our data folder or on one of our ports: those whose environment or arguments say so. */
function leftovers(): string[] {
  return readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid) || Number(pid) === process.pid) return false
    try {
      const about = readFileSync(`/proc/${pid}/environ`, 'utf8') + readFileSync(`/proc/${pid}/cmdline`, 'utf8')
      return about.includes(dataDir) || readlinkSync(`/proc/${pid}/cwd`).startsWith(dataDir)
    } catch {
      return false
    }
  })
}

/** Runs the command that the greeting tells the person to paste, and returns what it prints. */
function paste(said: string): unknown {
  const command = said.slice(said.indexOf('curl -s'), said.indexOf('Ctrl-C ends it.'))
  return JSON.parse(execFileSync('/bin/sh', ['-c', command], { cwd: ROOT, encoding: 'utf8' }))
}

const ANSWER = {
  data: {
    shareClasses: {
      nodes: ['C Fund', 'F Fund', 'G Fund'].map((name) => ({
        name: expect.stringContaining(name),
        nav: { navDate: '2023-12-05', navPrice: expect.stringMatching(/^\d+\.\d+$/) },
        returns: [{ period: 'Y1' }, { period: 'Y5' }],
        risk: { volatility: expect.any(String) },
      })),
    },
  },
}

// One story, each test going on from the one before; leftovers are read from /proc.
describe.runIf(process.platform === 'linux')('npm start', () => {
  test('loads the shipped data the first time, says so, and answers', async () => {
    const start = npmStart()
    await untilReady(start)
    expect(start.said()).toContain('Loading TSP share prices')
    expect(paste(start.said())).toMatchObject(ANSWER)

    start.child.kill('SIGINT')
    start.child.kill('SIGINT')
    expect(await start.exited).toBe(0)
    expect(leftovers()).toEqual([])
  })

  test('finds its data the second time, and leaves nothing when it is killed with SIGKILL', async () => {
    const start = npmStart()
    await untilReady(start)
    expect(start.said()).not.toContain('Loading')
    expect(paste(start.said())).toMatchObject(ANSWER)
    start.child.kill('SIGKILL')
    await start.exited
    while (leftovers().length > 0) await sleep(50)
  })

  test('a stop in the middle of a start leaves nothing', async () => {
    const start = npmStart()
    while (!start.said().includes('Starting the five subgraphs')) await sleep(20)
    start.child.kill('SIGTERM')
    expect(await start.exited).toBe(0)
    expect(leftovers()).toEqual([])
  })

  test('a port in use is one sentence and exit code 1', async () => {
    const other = createServer().listen(Number(env.RISK_PORT), '127.0.0.1')
    await once(other, 'listening')
    const start = npmStart()
    expect(await start.exited).toBe(1)
    expect(start.said()).toBe(
      `This port is in use by another program: ${env.RISK_PORT} (for risk; RISK_PORT chooses another).\n`,
    )
    other.close()
  })

  test('a wrong setting is one sentence and exit code 1', async () => {
    const start = npmStart({ MARKET_DAY_MS: 'slow' })
    expect(await start.exited).toBe(1)
    expect(start.said()).toMatch(/^environment: MARKET_DAY_MS: [^\n]+\n$/)
  })

  test('a corrupt data folder is one sentence and exit code 1', async () => {
    rmSync(join(dataDir, 'postgres/data/PG_VERSION'))
    const start = npmStart()
    expect(await start.exited).toBe(1)
    expect(start.said()).toBe(
      `The folder ${dataDir}/postgres is not a complete PostgreSQL folder (data/PG_VERSION is missing): ` +
        'move it away, and a new one is made.\n',
    )
  })
})
