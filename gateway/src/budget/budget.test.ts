import { fileURLToPath } from 'node:url'
import { createLogger } from '@fundmesh/platform/telemetry/log'
import type { GraphQLError } from 'graphql'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { partialError } from '../errors/catalogue.ts'
import { type LoadedSupergraph, loadSupergraph } from '../supergraph/supergraph.ts'
import { openViews, type Views } from '../view/views.ts'
import type { ChargeFor } from './budget.ts'
import type { BudgetOf } from './budgets-file.ts'
import { chargeWithin, generous } from './testing.ts'

const supergraphFile = fileURLToPath(new URL('../../../contracts/graph/supergraph.graphql', import.meta.url))

describe('a budget', () => {
  let loaded: LoadedSupergraph
  let views: Views
  beforeAll(() => {
    loaded = loadSupergraph(supergraphFile, new Map())
    views = openViews(loaded, createLogger('test', 'silent'))
  })

  /** Milliseconds on the buckets' clock: nothing drips in while a test is slow. */
  let now: number
  beforeEach(() => {
    now = 0
  })
  const charging = (budgets: BudgetOf) => chargeWithin(loaded, budgets, () => now)

  const callerOf = (tenant: string, client = 'app') => ({
    tenant,
    subject: tenant,
    client,
    scopes: new Set<string>(),
    expiresAt: new Date(Date.now() + 60_000),
  })

  /** Charges for share classes, each a point. */
  async function ask(charge: ChargeFor, points: number, tenant = 'alder', client = 'app') {
    const caller = callerOf(tenant, client)
    const replyHeaders = new Map<string, string>()
    const query = `{ ${Array.from({ length: points }, (_, i) => `a${i}: shareClass(id: "${i}") { id }`).join(' ')} }`
    const operation = views.of(caller).understand({ method: 'POST', query })
    const charged = await charge(operation, { caller, replyHeaders }).catch((error: GraphQLError) => error)
    return { charged, replyHeaders, headers: Object.fromEntries(replyHeaders) }
  }
  const granted = async (...asked: Parameters<typeof ask>) => {
    const { charged, ...more } = await ask(...asked)
    if (charged instanceof Error) throw charged
    return { charged, ...more }
  }
  const refused = async (...asked: Parameters<typeof ask>) => {
    const { charged, ...more } = await ask(...asked)
    if (!(charged instanceof Error)) throw new Error('expected a refusal; got a charge')
    return { message: charged.message, data: charged.extensions, ...more }
  }
  const nothing = { data: {}, errors: [] }

  it('says with each answer what is left of the tenant’s and of the client’s', async () => {
    const charge = charging(generous({ tenant: { points: 100, seconds: 60 }, client: { points: 50, seconds: 60 } }))
    const { charged, headers } = await granted(charge, 10)
    expect(headers).toEqual({
      'RateLimit-Policy': '"tenant";q=100;w=60, "client";q=50;w=60',
      RateLimit: '"tenant";r=90;t=6, "client";r=40;t=12',
    })
    const answer = Object.fromEntries(Array.from({ length: 10 }, (_, i) => [`_fm_a${i}`, { id: 'x' }]))
    expect(charged.settle({ data: answer, errors: [] })).toEqual({ requested: 10, actual: 10, remaining: 40 })
  })

  it('refuses what neither waiting nor another client could pay, as a mistake', async () => {
    for (const own of [
      { operationCost: 5 },
      { tenant: { points: 5, seconds: 60 } },
      { client: { points: 5, seconds: 60 } },
    ]) {
      const { message, data, headers } = await refused(charging(generous(own)), 6)
      expect(message).toBe('operationCost: expected at most 5 points; got 6')
      expect(data).toEqual({
        code: 'COST_LIMIT_EXCEEDED',
        http: { status: 400 },
        limit: 'operationCost',
        allowed: 5,
        got: 6,
      })
      expect(headers).toEqual({})
    }
  })

  it('refuses what is more than what is left, says until when, and takes nothing for it', async () => {
    const charge = charging(generous({ tenant: { points: 10, seconds: 60 } }))
    await granted(charge, 8)
    const { message, data, headers } = await refused(charge, 3)
    expect(message).toBe('tenant: expected at most 10 points in 60 s, of which 2 are left; got 3')
    expect(data).toEqual({
      code: 'COST_LIMIT_EXCEEDED',
      http: { status: 429 },
      limit: 'tenant',
      allowed: 2,
      got: 3,
      retryAfter: 6,
    })
    expect(headers).toMatchObject({
      'Retry-After': '6',
      RateLimit: '"tenant";r=2;t=48, "client";r=999999992;t=1',
    })
    // A smaller one is answered still, however many larger ones were refused.
    for (let i = 0; i < 5; i++) await refused(charge, 3)
    await granted(charge, 2)
    await refused(charge, 1)
  })

  it('keeps a client within its own part, and tenants apart whatever their names', async () => {
    const charge = charging(generous({ client: { points: 10, seconds: 60 }, tenant: { points: 15, seconds: 60 } }))
    await granted(charge, 10, 'a', 'b')
    expect((await refused(charge, 1, 'a', 'b')).data.limit).toBe('client')
    await granted(charge, 5, 'a', 'c')
    expect((await refused(charge, 1, 'a', 'd')).data.limit).toBe('tenant')
    for (const [tenant, client] of [
      ['a:b', ''],
      ['', 'a:b'],
      ['a', 'b:'],
      ['a%3Ab', ''],
      ['client:a', 'b'],
    ].filter(([tenant]) => tenant !== 'a'))
      await granted(charge, 10, tenant, client)
  })

  it('gives back what did not come, and all of it where nothing was fetched', async () => {
    const charge = charging(generous({ tenant: { points: 20, seconds: 60 }, client: { points: 20, seconds: 60 } }))
    const { charged, replyHeaders } = await granted(charge, 20)
    await refused(charge, 1)
    expect(charged.settle({ data: { _fm_a0: { id: 'x' } }, errors: [] })).toEqual({
      requested: 20,
      actual: 20,
      remaining: 0,
    })

    const page = async () => {
      const caller = callerOf('birch')
      const operation = views.of(caller).understand({ method: 'POST', query: '{ funds(first: 15) { nodes { id } } }' })
      return charge(operation, { caller, replyHeaders })
    }
    const first = await page()
    expect(first.settle({ data: { funds: { nodes: [{ id: 'a' }] } }, errors: [] })).toEqual({
      requested: 16,
      actual: 2,
      remaining: 18,
    })
    expect(replyHeaders.get('RateLimit')).toBe('"tenant";r=18;t=6, "client";r=18;t=6')
    ;(await page()).refund()
    const unreached = (await page()).settle({
      data: { funds: null },
      errors: [partialError('SUBGRAPH_UNAVAILABLE', undefined, { path: ['funds'] })],
    })
    expect(unreached?.actual).toBe(1)
    const failed = (await page()).settle({
      data: { funds: null },
      errors: [partialError('SUBGRAPH_TIMEOUT', undefined, { path: ['funds'] })],
    })
    expect(failed).toEqual({ requested: 16, actual: 16, remaining: 1 })
  })

  it('counts an operation that asks for nothing as one point', async () => {
    const charge = charging(generous({ tenant: { points: 2, seconds: 60 } }))
    const caller = callerOf('alder')
    const operation = views.of(caller).understand({ method: 'POST', query: '{ __typename }' })
    for (let i = 0; i < 2; i++)
      expect((await charge(operation, { caller, replyHeaders: new Map() })).settle(nothing)?.actual).toBe(1)
    await expect(charge(operation, { caller, replyHeaders: new Map() })).rejects.toThrow('of which 0 are left')
  })

  it('drips in again as time goes by, and gives back nothing that has', async () => {
    const charge = charging(generous({ tenant: { points: 5, seconds: 10 } }))
    const { charged } = await granted(charge, 5)
    expect((await refused(charge, 1)).data.retryAfter).toBe(2)
    now = 1_999
    await refused(charge, 1)
    now = 2_000
    const { headers } = await granted(charge, 1)
    expect(headers.RateLimit).toMatch(/^"tenant";r=0;t=10,/)
    now = 12_000
    await granted(charge, 4)
    // Of the time before: what it took has dripped in meanwhile.
    charged.refund()
    await refused(charge, 2)
  })
})
