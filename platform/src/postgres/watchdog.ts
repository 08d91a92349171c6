/**
 * Runs a server that cannot outlive us. Between us and the server stands a small process, which owns the server and
 * reads a pipe from us: when the pipe ends, because we closed it or were killed, it stops the server.
 */
import { type ChildProcess, spawn } from 'node:child_process'

/** The user that a program runs as, where it is not our own. */
export interface RunAs {
  readonly uid: number
  readonly gid: number
}

/** Longest time, in milliseconds, that the server gets to end by itself, then to end at once. */
const FAST_SHUTDOWN_MS = 1_500
const IMMEDIATE_SHUTDOWN_MS = 500

// Plain JavaScript in a string: it runs without tsx, and the same from src and from dist.
// SIGINT is PostgreSQL's fast shutdown, SIGQUIT the immediate one (the next start recovers).
const program = `
const { spawn } = require('node:child_process')
const { command, args, runAs } = JSON.parse(process.argv[1])
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, stop)
const server = spawn(command, args, { ...runAs, cwd: '/', stdio: ['ignore', 'inherit', 'inherit'] })
server.on('error', (error) => { console.error('FATAL:  ' + error.message); process.exit(1) })
server.on('exit', (code) => process.exit(code ?? 1))
process.stdin.on('end', stop).on('error', stop).resume()
let stopping = false
function stop() {
  if (stopping) return
  stopping = true
  server.kill('SIGINT')
  setTimeout(() => server.kill('SIGQUIT'), ${FAST_SHUTDOWN_MS})
  setTimeout(() => server.kill('SIGKILL'), ${FAST_SHUTDOWN_MS + IMMEDIATE_SHUTDOWN_MS})
}
`

/** Starts the command under a watchdog. Ending the child's stdin stops it; its stderr is the command's. */
export function spawnWatched(command: string, args: readonly string[], runAs: RunAs | undefined): ChildProcess {
  return spawn(process.execPath, ['-e', program, JSON.stringify({ command, args, runAs })], {
    // Its own session: Ctrl-C in a terminal goes to the whole group, and the server must end last.
    detached: true,
    cwd: '/',
    stdio: ['pipe', 'ignore', 'pipe'],
    env: serverEnv(),
  })
}

/** No PG* or NODE_OPTIONS of ours may change what the server does. */
export function serverEnv(): NodeJS.ProcessEnv {
  const { PATH, SystemRoot, TEMP } = process.env
  return { PATH, LC_ALL: 'C', TZ: 'UTC', ...(SystemRoot && { SystemRoot }), ...(TEMP && { TEMP }) }
}
