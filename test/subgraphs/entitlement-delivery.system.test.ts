import { createLogger } from '@fundmesh/platform/telemetry/log'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { grantOrder } from '../../subgraphs/entitlement/src/domain/grant.ts'
import { grantsEvent } from '../../subgraphs/entitlement/src/events.ts'
import { recordGrant } from '../../subgraphs/entitlement/src/store/grant-changes.ts'
import { openLedger } from '../../subgraphs/entitlement/src/store/ledger.ts'
import { registerTenant } from '../../subgraphs/entitlement/src/store/tenant-changes.ts'
import { createWorld, type Running, type World } from './entitlement-world.ts'

let world: World
const running: Running[] = []

beforeAll(async () => {
  world = await createWorld()
})
afterEach(async () => {
  for (const service of running.splice(0)) await service.stop()
})
afterAll(() => world?.close())

async function start(confirmationMs?: number): Promise<Running> {
  const service = await world.startService(confirmationMs)
  running.push(service)
  return service
}

async function register(service: Running, id: string): Promise<void> {
  const mutation = 'mutation ($input: RegisterTenantInput!) { registerTenant(input: $input) { id } }'
  const { errors } = await service.ask('house', mutation, { input: { id, name: `Tenant ${id}` } })
  expect(errors).toBeUndefined()
}

async function grant(service: Running, tenantId: string, resourceId: string) {
  const mutation = `mutation ($input: GrantInput!) { grant(input: $input) {
    grant { id state } epoch confirmations { target confirmedAt } } }`
  const { data, errors } = await service.ask('house', mutation, {
    input: { tenantId, resourceKind: 'FUND', resourceId },
  })
  expect(errors).toBeUndefined()
  return data.grant as { grant: { id: string; state: string }; epoch: number; confirmations: object[] }
}

async function revoke(service: Running, id: string) {
  const mutation = `mutation ($id: ID!) { revoke(grantId: $id, reason: "test") {
    grant { state } epoch confirmations { target confirmedAt } } }`
  const { data, errors } = await service.ask('house', mutation, { id })
  expect(errors).toBeUndefined()
  return data.revoke as { grant: { state: string }; epoch: number; confirmations: object[] }
}

const epochsOf = async (tenant: string) => (await world.events(tenant)).map(({ epoch }) => epoch)
/** Milliseconds that a change waits for a confirmation which will not come. */
const impatient = 6_000
const confirmedByTheLog = () => world.logTargets.map((target) => ({ target, confirmedAt: expect.any(String) }))
const soon = { timeout: 60_000, interval: 50 }

describe('the delivery of changes', () => {
  it('happens after a restart, when the process was killed between the commit and the delivery', async () => {
    const first = await world.startProcess()
    await register(first, 'ash')
    const { grant: given } = await grant(first, 'ash', 'tsp:c-fund')
    await world.stopWarehouse()
    const receipt = revoke(first, given.id).catch(() => 'the process died')
    await vi.waitFor(async () => {
      const { rows } = await world.admin.query('select from entitlement.access_grant where revoked_at is not null')
      expect(rows).toHaveLength(1)
    }, soon)
    await first.kill()
    expect(await receipt).toBe('the process died')
    expect(await world.warehouse('ash')).toEqual({ epoch: 2, resources: ['tsp:c-fund'] })

    await world.startWarehouse()
    await start()
    expect(await world.warehouse('ash')).toEqual({ epoch: 3, resources: [] })
    const events = await world.events('ash')
    expect(new Set(events.map(({ epoch }) => epoch))).toEqual(new Set([1, 2, 3]))
    expect(events.at(-1)).toMatchObject({ epoch: 3, grants: [] })
  })

  it('is not claimed while it has not happened: the receipt says what is missing, and a repeated revocation how far it is', async () => {
    const service = await start(impatient)
    await register(service, 'box')
    const { grant: given } = await grant(service, 'box', 'tsp:c-fund')
    await world.stopWarehouse()
    const pending = await revoke(service, given.id)
    expect(pending).toEqual({
      grant: { state: 'REVOKED' },
      epoch: 3,
      confirmations: [{ target: 'WAREHOUSE', confirmedAt: null }, ...confirmedByTheLog()],
    })
    // The log did not wait for the warehouse.
    expect(await epochsOf('box')).toEqual([1, 2, 3])
    await world.startWarehouse()
    const again = await revoke(service, given.id)
    expect(again.confirmations).toEqual([
      { target: 'WAREHOUSE', confirmedAt: expect.any(String) },
      ...confirmedByTheLog(),
    ])
    expect(await world.warehouse('box')).toEqual({ epoch: 3, resources: [] })
  })

  it('to one tenant is not held up by another, whose delivery fails', async () => {
    const service = await start(impatient)
    await register(service, 'cork')
    await register(service, 'date')
    const { grant: given } = await grant(service, 'cork', 'tsp:c-fund')
    // Another tenant has a row of the same id: cork's rows cannot be replaced.
    await world.admin.query(`update gold.row_grant set tenant_id = 'stranger' where tenant_id = 'cork'`)
    const stuck = grant(service, 'cork', 'tsp:f-fund')
    const { confirmations } = await grant(service, 'date', 'tsp:c-fund')
    expect(confirmations).not.toContainEqual({ target: 'WAREHOUSE', confirmedAt: null })
    expect((await stuck).confirmations).toContainEqual({ target: 'WAREHOUSE', confirmedAt: null })
    await world.admin.query(`delete from gold.row_grant where tenant_id = 'stranger'`)
    await vi.waitFor(async () => {
      expect(await world.warehouse('cork')).toEqual({ epoch: 3, resources: ['tsp:c-fund', 'tsp:f-fund'] })
    }, soon)
    expect(given.state).toBe('ACTIVE')
  })

  it('is done by one process at a time; another takes over when that one is killed', async () => {
    const leader = await world.startProcess()
    const follower = await start()
    await register(follower, 'elder')
    const before = await grant(follower, 'elder', 'tsp:c-fund')
    expect(before.confirmations).not.toContainEqual(expect.objectContaining({ confirmedAt: null }))
    await leader.kill()
    const after = await grant(follower, 'elder', 'tsp:f-fund')
    expect(after.confirmations).not.toContainEqual(expect.objectContaining({ confirmedAt: null }))
    expect(await epochsOf('elder')).toEqual([1, 2, 3])
  })

  it('puts back what a target has lost, once the service starts', async () => {
    const first = await world.startService()
    await register(first, 'fig')
    await grant(first, 'fig', 'tsp:c-fund')
    await first.stop()
    await world.admin.query(`delete from gold.row_grant; delete from gold.row_grant_epoch`)
    const lost = await world.forgetEvents('fig')
    await start()
    await vi.waitFor(async () => {
      expect(await world.warehouse('fig')).toEqual({ epoch: 2, resources: ['tsp:c-fund'] })
      // Only what stands now, and nothing of the past.
      expect(await epochsOf('fig')).toEqual(lost ? [2] : [1, 2])
    }, soon)
  })

  it('overtakes targets that are ahead of the ledger, which would otherwise refuse all that it says', async () => {
    const first = await world.startService()
    await register(first, 'gorse')
    await first.stop()
    // The ledger comes from yesterday's backup; since then the tenant was granted a fund at epoch 8.
    await world.admin.query(`update gold.row_grant_epoch set epoch = 8 where tenant_id = 'gorse'`)
    await world.admin.query(
      `insert into gold.row_grant values ('lost', 'gorse', 'FUND', 'tsp:c-fund', '2020-01-01', 'infinity')`,
    )
    const log = world.openLog()
    const producer = await log.producer()
    await producer.append([
      grantsEvent({
        tenantId: 'gorse',
        epoch: 9,
        changedAt: '2026-01-01T00:00:00.000000Z',
        grants: [],
        principals: [],
      }),
    ])
    await log.close()
    await start()
    await vi.waitFor(async () => {
      const { epoch, resources } = await world.warehouse('gorse')
      expect(epoch).toBeGreaterThanOrEqual(10)
      expect(resources).toEqual([])
      expect((await world.events('gorse')).at(-1)).toMatchObject({ epoch, grants: [] })
    }, soon)
  })

  it('overtakes a target that holds other grants than the ledger, though of the same epoch', async () => {
    const first = await world.startService()
    await register(first, 'hemlock')
    await grant(first, 'hemlock', 'tsp:c-fund')
    await first.stop()
    await world.admin.query(`update gold.row_grant set resource_id = 'tsp:f-fund' where tenant_id = 'hemlock'`)
    await start()
    await vi.waitFor(async () => {
      expect(await world.warehouse('hemlock')).toEqual({ epoch: 3, resources: ['tsp:c-fund'] })
    }, soon)
  })

  it('fences off what is older: the warehouse keeps the newer grants', async () => {
    const service = await start(impatient)
    await register(service, 'hazel')
    await grant(service, 'hazel', 'tsp:c-fund')
    await world.admin.query(`update gold.row_grant_epoch set epoch = 100 where tenant_id = 'hazel'`)
    const { confirmations } = await grant(service, 'hazel', 'tsp:f-fund')
    expect(confirmations).toContainEqual({ target: 'WAREHOUSE', confirmedAt: null })
    expect(await world.warehouse('hazel')).toEqual({ epoch: 100, resources: ['tsp:c-fund'] })
  })

  it('publishes changes that were recorded while no service ran, in their order, when one starts', async () => {
    const ledgers = openLedger(world.ledgerUrl, createLogger('test', 'silent'))
    const ledger = ledgers.forService()
    await registerTenant(ledger, 'test', { id: 'ivy', name: 'Ivy', lei: null })
    for (let n = 0; n < 25; n += 1) {
      const order = grantOrder({ tenantId: 'ivy', resourceKind: 'FUND', resourceId: `tsp:${n}` })
      await recordGrant(ledger, 'test', order)
    }
    await ledgers.close()
    await start()
    expect(await epochsOf('ivy')).toEqual(Array.from({ length: 26 }, (_, n) => n + 1))
    expect((await world.warehouse('ivy')).resources).toHaveLength(25)
  })
})
