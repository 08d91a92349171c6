import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type FreshDatabase, freshDatabase } from '@fundmesh/platform/testing/database'
import { freePort } from '@fundmesh/platform/testing/port'
import { requiredService } from '@fundmesh/platform/testing/required'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Mesh, startMesh } from './mesh.ts'
import { PORT_VARIABLES, type Ports } from './ports.ts'

let database: FreshDatabase
let dataDir: string
let mesh: Mesh
const told: string[] = []

beforeAll(async () => {
  database = await freshDatabase()
  dataDir = mkdtempSync(join(tmpdir(), 'fundmesh-mesh-'))
  const ports: Record<string, number> = {}
  for (const name of Object.keys(PORT_VARIABLES)) ports[name] = await freePort()
  mesh = await startMesh({
    dataDir,
    ports: ports as Ports,
    databaseUrl: database.url,
    kafkaBrokers: requiredService('KAFKA_BROKERS'),
    topicPrefix: `${database.name}.`,
    redisUrl: requiredService('REDIS_URL'),
    marketDayMs: null,
    tell: (message) => told.push(message),
  })
})

afterAll(async () => {
  await mesh?.close()
  await database?.drop()
  rmSync(dataDir, { recursive: true, force: true })
})

async function ask(query: string): Promise<{ data?: unknown; errors?: unknown[] }> {
  const response = await fetch(`${mesh.urls.gateway}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${await mesh.token('dogwood')}` },
    body: JSON.stringify({ query }),
  })
  return (await response.json()) as { data?: unknown; errors?: unknown[] }
}

const QUERY = '{ shareClasses { nodes { id risk { observations } } } }'
const WHOLE = { shareClasses: { nodes: [{ id: 'tsp:g-fund', risk: { observations: expect.any(Number) } }] } }
const WITHOUT_RISK = { shareClasses: { nodes: [{ id: 'tsp:g-fund', risk: null }] } }

test('a mesh runs on a database that it is given, beside others', async () => {
  expect(await ask(QUERY)).toMatchObject({ data: WHOLE })
})

test('a service that was killed stays away until it is restarted', async () => {
  await mesh.kill('risk')
  expect(mesh.pid('risk')).toBeUndefined()
  expect(await ask(QUERY)).toMatchObject({ data: WITHOUT_RISK, errors: [expect.anything()] })
  await mesh.restart('risk')
  expect(await ask(QUERY)).toMatchObject({ data: WHOLE })
})

test('a service that dies by itself is named and comes back', async () => {
  process.kill(mesh.pid('risk')!, 'SIGKILL')
  while (!told.includes('risk is back.')) await sleep(50)
  expect(told).toContainEqual(expect.stringMatching(/^risk ended unexpectedly \(SIGKILL\) and is started again/))
  expect(await ask(QUERY)).toMatchObject({ data: WHOLE })
})
