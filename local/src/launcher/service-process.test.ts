import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '@fundmesh/platform/testing/port'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type ServiceProcess, serviceProcess } from './service-process.ts'

const server = `
  process.on('disconnect', () => process.exit())
  require('node:http').createServer((request, response) => response.end('ready')).listen(process.env.PORT, '127.0.0.1')`

let folder: string
let service: ServiceProcess | undefined
let told: string[]

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fundmesh-service-'))
  told = []
})
afterEach(async () => {
  await service?.stop(0)
  rmSync(folder, { recursive: true })
})

async function make(program: string): Promise<ServiceProcess> {
  const port = await freePort()
  service = serviceProcess({
    name: 'risk',
    args: ['-e', program],
    env: { ...process.env, PORT: String(port) },
    url: `http://127.0.0.1:${port}`,
    logFile: join(folder, 'risk.log'),
    tell: (message) => told.push(message),
  })
  return service
}

async function until(condition: () => unknown): Promise<void> {
  while (!condition()) await sleep(20)
}

describe('a service in a process of its own', () => {
  test('is ready when start resolves, and gone when stop does', async () => {
    const { url, start, stop } = await make(server)
    await start()
    expect(await (await fetch(url)).text()).toBe('ready')
    await stop(1_000)
    expect(service?.pid).toBeUndefined()
    await expect(fetch(url)).rejects.toThrow()
    expect(told).toEqual([])
  })

  test('that ends before it is ready rejects with its last lines, and is not started again', async () => {
    const { start } = await make(`console.error('risk cannot start: no key'); process.exit(3)`)
    await expect(start()).rejects.toThrow(
      'risk did not start: it ended (exit code 3). Its last lines:\n  risk cannot start: no key',
    )
    expect(service?.pid).toBeUndefined()
  })

  test('that dies is named, shown, and brought back', async () => {
    await (await make(`console.log('I am well');${server}`)).start()
    const first = service!.pid!
    process.kill(first, 'SIGKILL')
    await until(() => told.includes('risk is back.'))
    expect(told[0]).toBe('risk ended unexpectedly (SIGKILL) and is started again. Its last lines:\n  I am well')
    expect(service!.pid).not.toBe(first)
    expect(readFileSync(join(folder, 'risk.log'), 'utf8')).toBe('I am well\nI am well\n')
  })

  test('that was killed on purpose stays away until it is started', async () => {
    const { start, kill } = await make(server)
    await start()
    await kill()
    await sleep(400)
    expect(service!.pid).toBeUndefined()
    await start()
    expect(service!.pid).toBeDefined()
    expect(told).toEqual([])
  })

  test('that does not drain in time is ended by force', async () => {
    const { start, stop } = await make(`process.on('SIGTERM', () => {});${server}`)
    await start()
    await stop(100)
    expect(service!.pid).toBeUndefined()
  })
})
