import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { createLogger } from '@fundmesh/platform/telemetry/log'
import { freePort } from '@fundmesh/platform/testing/port'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Buckets, openBuckets } from './buckets.ts'

const installed = spawnSync('redis-server', ['--version']).status === 0
if (!installed && process.env.REQUIRE_SERVICES === '1')
  throw new Error('REQUIRE_SERVICES=1 asks for real services, but there is no redis-server')

// On a busy machine Redis may not answer in the time that it is given, and each gateway then counts by itself.
describe.skipIf(!installed)('budgets counted in a Redis of their own', { retry: 5 }, () => {
  /** A point in six minutes: nothing drips in while a test is slow. */
  const rate = { points: 100, seconds: 36_000 }
  const key = 'tenant:alder'
  let port: number
  let redis: ChildProcess
  let gateways: Buckets[]
  let logged: string[]

  const startRedis = async () => {
    redis = spawn('redis-server', ['--port', String(port), '--bind', '127.0.0.1', '--save', ''], { stdio: 'pipe' })
    await expect.poll(() => gateways.length === 0 || shared()).toBe(true)
  }
  const killRedis = async () => {
    redis.kill('SIGKILL')
    await once(redis, 'exit')
  }
  /** What drips in within a test. */
  const about = (points: number) => expect.closeTo(points, 0)
  const gateway = () => {
    const log = createLogger('test', 'info', { write: (line) => logged.push(JSON.parse(line).msg) })
    const opened = openBuckets({ redisUrl: `redis://127.0.0.1:${port}`, prefix: 'test:', log })
    gateways.push(opened)
    return opened
  }
  /** Whether what one gateway takes is missing for another. */
  const shared = async () => {
    const probe = `probe:${Math.random()}`
    const levels = await Promise.all(gateways.map((one) => one.take(probe, rate, 1)))
    return Math.min(...levels.map(({ left }) => left)) < rate.points - gateways.length + 0.5
  }

  beforeEach(async () => {
    port = await freePort()
    gateways = []
    logged = []
    await startRedis()
  })
  afterEach(async () => {
    for (const one of gateways) one.close()
    if (redis.exitCode === null && redis.signalCode === null) await killRedis()
  })

  it('are one count for all gateways, which takes nothing for what it refuses', async () => {
    const [one, other] = [gateway(), gateway()]
    await expect.poll(shared).toBe(true)
    expect(await one.take(key, rate, 70)).toMatchObject({ granted: true, left: about(30) })
    expect(await other.take(key, rate, 40)).toMatchObject({ granted: false, left: about(30) })
    const taken = await other.take(key, rate, 30)
    expect(taken).toMatchObject({ granted: true, left: about(0) })
    await other.giveBack(key, rate, 20, taken)
    expect(await one.take(key, rate, 20)).toMatchObject({ granted: true, left: about(0) })
    expect(await one.take('tenant:birch', rate, 100)).toMatchObject({ granted: true })
  })

  it('never let out more than a full bucket and what drips in, however many ask at once', async () => {
    const fast = { points: 50, seconds: 1 }
    const asking = [gateway(), gateway(), gateway()]
    await expect.poll(shared).toBe(true)
    const began = Date.now()
    let out = 0
    for (let turn = 0; turn < 40; turn++) {
      const points = 1 + Math.floor(Math.random() * 5)
      const taken = await Promise.all(asking.map((one) => one.take(key, fast, points)))
      for (const [index, { granted, fullAt }] of taken.entries()) {
        if (!granted) continue
        out += points
        if (turn % 4 > 0) continue
        await asking[index]!.giveBack(key, fast, points, { fullAt })
        out -= points
      }
    }
    expect(out).toBeLessThanOrEqual(fast.points + ((Date.now() - began + 1) * fast.points) / 1_000)
    expect(out).toBeGreaterThanOrEqual(fast.points)
  })

  it('go on in each gateway while Redis is dead, and together when it is back', async () => {
    const [one, other] = [gateway(), gateway()]
    await expect.poll(shared).toBe(true)
    const before = await one.take(key, rate, 90)
    await killRedis()

    for (const gateway of [one, other]) {
      expect(await gateway.take(key, rate, 80)).toMatchObject({ granted: true })
      expect(await gateway.take(key, rate, 80)).toMatchObject({ granted: false })
    }
    // Taken from Redis, given back to a gateway that has lent less: it does not become more than a full bucket.
    await one.giveBack(key, rate, 90, before)
    expect(await one.take(key, rate, 101)).toMatchObject({ granted: false, left: about(100) })

    await startRedis()
    expect(logged.filter((line) => /Redis is (away|back)/.test(line)).sort()).toEqual([
      'Redis is away: each gateway counts budgets by itself until it is back',
      'Redis is away: each gateway counts budgets by itself until it is back',
      'Redis is back: the gateways count budgets together',
      'Redis is back: the gateways count budgets together',
    ])
  })

  it('are counted without Redis from the first request on where it was never there', async () => {
    await killRedis()
    const one = gateway()
    expect(await one.take(key, rate, 100)).toMatchObject({ granted: true })
    expect(await one.take(key, rate, 1)).toMatchObject({ granted: false, left: about(0) })
  })
})
