/**
 * One service in a process of its own, kept alive:
 *
 *   stopped ──start()──▶ starting ──ready──▶ running ──it ends──▶ pausing ──▶ starting again
 *      ▲                    │ it ends first: start() rejects         ▲             │ it ends first
 *      └── stop(), kill() ◀─┴── from every state                     └─────────────┘
 *
 * The service has its own session, so that Ctrl-C in a terminal reaches us alone and we decide the order; it ends by
 * itself when the channel to us closes, which it does even when we are killed.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { ROOT } from './workspace.ts'

export interface ServiceProcessOptions {
  readonly name: string
  /** Arguments of `node`. */
  readonly args: readonly string[]
  readonly env: NodeJS.ProcessEnv
  /** `http://127.0.0.1:4001`; `/ready` answers 200 when the service is. */
  readonly url: string
  /** Its stdout and stderr; emptied at the first start. */
  readonly logFile: string
  /** Told when the service ended unasked and when it is back. */
  readonly tell: (message: string) => void
}

export interface ServiceProcess {
  readonly name: string
  readonly url: string
  /** Undefined while it does not run. */
  readonly pid: number | undefined
  /** Resolves when the service is ready. Rejects with its last lines when it ends before, or takes over two minutes. */
  start(): Promise<void>
  /** Ends it as a crash would, and leaves it ended until `start`. */
  kill(): Promise<void>
  /** Lets it drain, for as long as given; then kills it. Idempotent. */
  stop(graceMs: number): Promise<void>
}

const READY_MS = 120_000
/** Pauses before one restart after the other, in milliseconds; a minute of health begins the list anew. */
const PAUSES = [250, 500, 1_000, 2_000, 5_000, 10_000]
const HEALTHY_MS = 60_000

export function serviceProcess({ name, args, env, url, logFile, tell }: ServiceProcessOptions): ServiceProcess {
  /** From one `start` to the next `stop` or `kill`; undefined while stopped. */
  let turn: symbol | undefined
  let child: ChildProcess | undefined
  closeSync(openSync(logFile, 'w'))

  function launch(): ChildProcess {
    const output = openSync(logFile, 'a')
    const launched = spawn(process.execPath, args, {
      cwd: ROOT,
      env,
      detached: true,
      stdio: ['ignore', output, output, 'ipc'],
    })
    closeSync(output)
    launched.on('error', () => {}) // Its missing pid tells.
    launched.on('exit', () => {
      if (child === launched) child = undefined
    })
    child = launched
    return launched
  }

  /** Brings the service back whenever it ends unasked, until its turn is over. */
  async function keep(mine: symbol, first: ChildProcess): Promise<void> {
    let running = first
    let restarts = 0
    for (;;) {
      const since = Date.now()
      const how = await ended(running)
      if (turn !== mine) return
      if (Date.now() - since > HEALTHY_MS) restarts = 0
      tell(`${name} ended unexpectedly (${how}) and is started again. Its last lines:\n${lastLines(logFile)}`)
      await sleep(PAUSES[Math.min(restarts++, PAUSES.length - 1)])
      if (turn !== mine) return
      running = launch()
      try {
        await untilReady(running, url)
        if (turn === mine) tell(`${name} is back.`)
      } catch {
        running.kill('SIGKILL')
      }
    }
  }

  return {
    name,
    url,
    get pid() {
      return child?.pid
    },
    async start() {
      const mine = Symbol(name)
      turn = mine
      const first = launch()
      try {
        await untilReady(first, url)
      } catch (error) {
        if (turn !== mine) throw new Error(`${name} was stopped while it started`)
        turn = undefined
        first.kill('SIGKILL')
        throw new Error(`${name} did not start: ${(error as Error).message}. Its last lines:\n${lastLines(logFile)}`)
      }
      void keep(mine, first)
    },
    async kill() {
      turn = undefined
      await end(child, 'SIGKILL')
    },
    async stop(graceMs) {
      turn = undefined
      const ending = child
      const force = setTimeout(() => ending?.kill('SIGKILL'), graceMs)
      await end(ending, 'SIGTERM')
      clearTimeout(force)
    },
  }
}

async function end(child: ChildProcess | undefined, signal: NodeJS.Signals): Promise<void> {
  if (!child) return
  const gone = ended(child)
  child.kill(signal)
  await gone
}

/** Resolves with how the process ended: `SIGKILL`, `exit code 1`. At once when it is gone already. */
async function ended(child: ChildProcess): Promise<string> {
  if (child.pid === undefined) return 'it could not be started'
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  return child.signalCode ?? `exit code ${child.exitCode}`
}

async function untilReady(child: ChildProcess, url: string): Promise<void> {
  const deadline = AbortSignal.timeout(READY_MS)
  let told = 'nothing'
  while (!deadline.aborted) {
    if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) {
      throw new Error(`it ended (${await ended(child)})`)
    }
    try {
      const response = await fetch(`${url}/ready`, { signal: AbortSignal.any([deadline, AbortSignal.timeout(2_000)]) })
      const body = await response.text()
      if (response.ok) return
      told = `${response.status} ${body.slice(0, 200)}`
    } catch {
      // It does not listen yet.
    }
    await sleep(50)
  }
  throw new Error(`it was not ready after ${READY_MS / 1000} s (${url}/ready last answered ${told})`)
}

function lastLines(logFile: string): string {
  const lines = readFileSync(logFile, 'utf8').trimEnd().split('\n')
  return lines
    .slice(-8)
    .map((line) => `  ${line.slice(0, 400)}`)
    .join('\n')
}
