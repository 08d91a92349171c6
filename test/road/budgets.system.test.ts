import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestMesh, testMesh } from '../mesh.ts'
import { openStream } from '../streams.ts'

const budgets = `
defaults:
  operationCost: 2_000_000
  tenant: { points: 60_000_000, seconds: 60 }
  client: { points: 60_000_000, seconds: 60 }
  streams: { open: 1_000, eventsPerSecond: 10_000 }
tenants:
  birch: { tenant: { points: 1, seconds: 5 } }
  cedar: { streams: { open: 2, eventsPerSecond: 1_000 } }
`

describe('budgets, through the whole graph', () => {
  const folder = mkdtempSync(join(tmpdir(), 'fundmesh-budgets-'))
  let mesh: TestMesh
  beforeAll(async () => {
    writeFileSync(join(folder, 'budgets.yaml'), budgets)
    mesh = await testMesh({ marketDayMs: 200, env: { gateway: { BUDGETS: join(folder, 'budgets.yaml') } } })
  })
  afterAll(async () => {
    await mesh?.close()
    rmSync(folder, { recursive: true, force: true })
  })

  const post = async (tenant: string, query: string, accept = 'application/json', signal?: AbortSignal) =>
    fetch(`${mesh.urls.gateway}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept, authorization: `Bearer ${await mesh.token(tenant)}` },
      body: JSON.stringify({ query }),
      ...(signal && { signal }),
    })

  it('say what an operation was going to cost, what it did cost, and what is left', async () => {
    const answer = await post('alder', '{ funds { nodes { id legalFundName } } }')
    const { data, extensions } = (await answer.json()) as {
      data: { funds: { nodes: unknown[] } }
      extensions: { cost: { requested: number; actual: number; remaining: number } }
    }
    const { requested, actual, remaining } = extensions.cost
    expect([requested, actual]).toEqual([101, 1 + data.funds.nodes.length])
    expect(remaining).toBeLessThanOrEqual(60_000_000 - actual)
    expect(answer.headers.get('ratelimit-policy')).toBe('"tenant";q=60000000;w=60, "client";q=60000000;w=60')
    expect(answer.headers.get('ratelimit')).toMatch(
      new RegExp(`^"tenant";r=${remaining};t=\\d+, "client";r=${remaining};t=\\d+$`),
    )
  })

  it('refuse a tenant that has used its own, until it has one again, and nobody else', async () => {
    const query = '{ me { id } }'
    const asked = async (tenant: string) => {
      const answer = await post(tenant, query)
      return {
        status: answer.status,
        headers: answer.headers,
        body: (await answer.json()) as { errors?: { extensions: object }[] },
      }
    }
    // Together: however slow the machine is, not each of them comes a refilled bucket after the one before.
    const answers = await Promise.all(Array.from({ length: 20 }, () => asked('birch')))
    const refused = answers.find(({ status }) => status !== 200)!
    expect(answers.filter(({ status }) => status === 200).length).toBeGreaterThan(0)
    expect(refused.status).toBe(429)
    expect(refused.body.errors![0]!.extensions).toMatchObject({
      code: 'COST_LIMIT_EXCEEDED',
      limit: 'tenant',
      got: 1,
    })
    const retryAfter = Number(refused.headers.get('retry-after'))
    expect(retryAfter).toBeGreaterThanOrEqual(1)
    expect(retryAfter).toBeLessThanOrEqual(5)
    expect(refused.headers.get('ratelimit')).toMatch(/^"tenant";r=\d+;t=\d+/)
    expect((await asked('alder')).status).toBe(200)
    await sleep(retryAfter * 1_000 + 100)
    expect((await asked('birch')).status).toBe(200)
  })

  it('count a tenant’s open streams over sockets and server-sent events together, and let go of each that ends', async () => {
    const query = 'subscription { navUpdates { ... on NavTick { sequence } } }'
    const overSocket = await openStream(mesh, 'cedar', query)
    await expect.poll(() => overSocket.payloads.length).toBeGreaterThan(0)
    const client = new AbortController()
    const overSse = await post('cedar', query, 'text/event-stream', client.signal)
    await overSse.body!.getReader().read()

    const refused = await post('cedar', query, 'text/event-stream')
    expect(refused.status).toBe(429)
    expect(await refused.text()).toContain('"code":"STREAM_LIMIT_EXCEEDED"')
    const refusedSocket = await openStream(mesh, 'cedar', query)
    await expect(refusedSocket.done).rejects.toEqual([
      expect.objectContaining({
        extensions: { code: 'STREAM_LIMIT_EXCEEDED', limit: 'openStreams', allowed: 2, got: 3 },
      }),
    ])

    const opens = async () => {
      const stream = await openStream(mesh, 'cedar', query)
      const opened = await Promise.race([
        stream.done.then(
          () => false,
          () => false,
        ),
        expect
          .poll(() => stream.payloads.length)
          .toBeGreaterThan(0)
          .then(() => true),
      ])
      stream.close()
      return opened
    }
    client.abort()
    await expect.poll(opens).toBe(true)
    overSocket.close()
    const again = [await openStream(mesh, 'cedar', query), await openStream(mesh, 'cedar', query)]
    for (const stream of again) {
      await expect.poll(() => stream.payloads.length).toBeGreaterThan(0)
      stream.close()
    }
  })
})
