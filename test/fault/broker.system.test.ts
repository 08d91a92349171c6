import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { freePort } from '@fundmesh/platform/testing/port'
import { requiredService } from '@fundmesh/platform/testing/required'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestMesh, testMesh } from '../mesh.ts'
import { isGapFree, openStream, sequencesByKey } from '../streams.ts'

/** The script that starts and kills a broker of our own; the one that other tests share is left alone. */
const tool = process.env.KAFKA_TOOL

describe.skipIf(!requiredService('KAFKA_BROKERS') || !tool)('a Kafka broker that is killed and comes back', () => {
  const home = mkdtempSync(join(tmpdir(), 'fundmesh-broker-'))
  let port: number
  let mesh: TestMesh
  const kafka = (verb: string) =>
    promisify(execFile)(tool!, [verb, String(port)], {
      env: { ...process.env, KAFKA_HOME_DIR: home, KAFKA_HEAP: '256m' },
    })

  beforeAll(async () => {
    port = await freePort()
    await kafka('start')
    mesh = await testMesh({ kafkaBrokers: `127.0.0.1:${port}`, marketDayMs: 300 })
  })
  afterAll(async () => {
    await mesh?.close()
    await kafka('stop')
    rmSync(home, { recursive: true, force: true })
  })

  it('costs no stream an event and gives none twice', async () => {
    const stream = await openStream(
      mesh,
      'alder',
      'subscription { navUpdates { ... on NavTick { shareClassId sequence } } }',
    )
    const newest = () => sequencesByKey(stream.payloads).get('tsp:c-fund')?.at(-1) ?? 0
    await expect.poll(newest).toBeGreaterThan(3)

    await kafka('kill')
    await sleep(3_000)
    const atTheKill = newest()
    expect((await mesh.ask('alder', '{ funds { nodes { id } } }')).errors).toBeUndefined()
    await kafka('start')

    await expect.poll(newest, { timeout: 180_000 }).toBeGreaterThan(atTheKill + 10)
    stream.close()
    expect(stream.payloads.every(({ errors }) => !errors)).toBe(true)
    const byKey = sequencesByKey(stream.payloads)
    expect(byKey.size).toBe(15)
    for (const sequences of byKey.values()) expect(isGapFree(sequences)).toBe(true)
  })
})
