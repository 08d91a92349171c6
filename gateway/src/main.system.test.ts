/** The process that `npm run gateway` starts: its start, its refusals and its end. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { freePort } from '@fundmesh/platform/testing/port'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { composed } from './access/cases/graph.ts'

const main = fileURLToPath(new URL('./main.ts', import.meta.url))

describe('the gateway as a process', () => {
  const folder = mkdtempSync(join(tmpdir(), 'gateway-main-'))
  const supergraph = join(folder, 'supergraph.graphql')
  let subgraph: Server
  /** Questions that wait for their answer. */
  const waiting: ServerResponse[] = []
  let child: ChildProcess | undefined

  beforeAll(async () => {
    subgraph = createServer((request, response) => {
      request.resume()
      waiting.push(response)
    })
    await new Promise<void>((resolve) => subgraph.listen(0, '127.0.0.1', resolve))
    const url = `http://127.0.0.1:${(subgraph.address() as AddressInfo).port}`
    writeFileSync(supergraph, composed({ things: 'type Query { thing: String }' }).replace('http://things', url))
  })
  afterEach(() => child?.kill('SIGKILL'))
  afterAll(() => {
    subgraph.close()
    rmSync(folder, { recursive: true })
  })

  /** Starts it with options, and with nothing in the environment that says otherwise. */
  const start = (options: readonly string[], env: NodeJS.ProcessEnv = {}) => {
    const { PATH, NODE_OPTIONS } = process.env
    const started = spawn(process.execPath, ['--import', 'tsx', '--conditions=source', main, ...options], {
      env: { PATH, NODE_OPTIONS, LOG_LEVEL: 'warn', PORT: '0', ...env },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    })
    child = started
    let said = ''
    started.stdout?.on('data', (text) => (said += text))
    started.stderr?.on('data', (text) => (said += text))
    const ended = once(started, 'exit').then(([code]) => ({ code, said }))
    const listening = async () => {
      const first = await Promise.race([once(started, 'message'), ended])
      if (!Array.isArray(first)) throw new Error(first.said)
      return (first[0] as { listening: string }).listening
    }
    return { started, ended, listening, said: () => said }
  }
  const ask = (url: string) =>
    fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: '{ thing }' }),
    })

  it('serves a supergraph that an option names, says that it is open, and ends when it is told to', async () => {
    const gateway = start(['--supergraph', supergraph, '--access=open'])
    const url = await gateway.listening()
    expect((await fetch(`${url}/health`)).status).toBe(200)
    expect(gateway.said()).toMatch(/ACCESS=open: nobody has an identity here/)
    gateway.started.kill('SIGTERM')
    expect((await gateway.ended).code).toBe(0)
  })

  it('finishes what is in flight before it ends', async () => {
    const gateway = start([], { SUPERGRAPH: supergraph, ACCESS: 'open' })
    const answer = ask(await gateway.listening())
    await expect.poll(() => waiting.length, { timeout: 20_000 }).toBe(1)
    gateway.started.kill('SIGTERM')
    // The port is closed to others by now, or will be; this one is answered.
    waiting.pop()?.setHeader('content-type', 'application/json').end('{"data":{"thing":"done"}}')
    expect(await (await answer).json()).toMatchObject({ data: { thing: 'done' } })
    expect((await gateway.ended).code).toBe(0)
  })

  it('ends with the npm that started it: no shell stands between the two that would keep the signal', async () => {
    const port = String(await freePort())
    const npm = spawn(
      'npm',
      ['run', '-s', 'gateway', '--', '--supergraph', supergraph, '--access', 'open', '--port', port],
      {
        cwd: fileURLToPath(new URL('../..', import.meta.url)),
        stdio: 'ignore',
      },
    )
    child = npm
    const health = () => fetch(`http://127.0.0.1:${port}/health`).then(({ status }) => status)
    await expect.poll(() => health().catch(() => 0)).toBe(200)
    const ended = once(npm, 'exit')
    npm.kill('SIGTERM')
    expect((await ended)[0]).toBe(0)
    await expect(health()).rejects.toThrow()
  })

  it.each<[string, readonly string[], NodeJS.ProcessEnv, RegExp]>([
    ['an option that there is not', ['--sueprgraph', supergraph], {}, /--sueprgraph is no option/],
    ['tokens wanted and no keys', ['--supergraph', supergraph], {}, /expected JWKS_URL/],
    ['a setting that is none', ['--supergraph', supergraph], { ACCESS: 'opne' }, /ACCESS: /],
    [
      'a supergraph that is no GraphQL',
      ['--supergraph', join(folder, 'broken.graphql'), '--access', 'open'],
      {},
      /broken\.graphql: line 2, column 5: Syntax Error/,
    ],
  ])('does not start with %s, says why, and exits with 1', async (_, options, env, reason) => {
    writeFileSync(join(folder, 'broken.graphql'), 'type Query {\n  a }\n')
    const { code, said } = await start(options, env).ended
    expect(code).toBe(1)
    expect(said).toMatch(reason)
  })
})
