import { openGrantsReplica } from '@fundmesh/platform/grants/replica'
import { passportSealer } from '@fundmesh/platform/identity/passport'
import { createLogger } from '@fundmesh/platform/telemetry/log'
import { exportJWK, generateKeyPair } from 'jose'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { seedTenants } from '../../subgraphs/entitlement/src/seed.ts'
import { createWorld, type Running, type World } from './entitlement-world.ts'

let world: World
let service: Running

const lifecycle = ['tsp:l-income', ...Array.from({ length: 9 }, (_, n) => `tsp:l-${2025 + 5 * n}`)]
const core = ['tsp:c-fund', 'tsp:f-fund', 'tsp:g-fund', 'tsp:i-fund', 'tsp:s-fund']

beforeAll(async () => {
  world = await createWorld()
  const ids = [...core, ...lifecycle]
  await world.admin.query(
    `insert into gold.fund select id, id, 'TSP', 'Index', 'US', 'USD', '2003-06-01' from unnest($1::text[]) id`,
    [ids],
  )
  await world.admin.query(
    `insert into gold.share_class select id, id, null, id, 'USD', '2003-06-01', true from unnest($1::text[]) id`,
    [ids],
  )
  await seedTenants(world.adminUrl)
  service = await world.startService()
})
afterAll(async () => {
  await service?.stop()
  await world?.close()
})

const receipt = `{ grant { id state revocationReason validFrom validTo contract { id } } epoch
  confirmations { target confirmedAt } }`
const grantMutation = `mutation ($input: GrantInput!) { grant(input: $input) ${receipt} }`
const revokeMutation = `mutation ($id: ID!, $reason: String!) { revoke(grantId: $id, reason: $reason) ${receipt} }`

async function register(id: string): Promise<void> {
  const mutation = 'mutation ($input: RegisterTenantInput!) { registerTenant(input: $input) { id } }'
  const { errors } = await service.ask('house', mutation, { input: { id, name: `Tenant ${id}` } })
  expect(errors).toBeUndefined()
}

async function grantTo(tenantId: string, resourceId: string, more: object = {}) {
  const input = { tenantId, resourceKind: 'FUND', resourceId, ...more }
  const { data, errors } = await service.ask('house', grantMutation, { input })
  expect(errors).toBeUndefined()
  return data.grant as {
    grant: { id: string; state: string; validFrom: string }
    epoch: number
    confirmations: { target: string; confirmedAt: string | null }[]
  }
}

const confirmed = () =>
  ['WAREHOUSE', ...world.logTargets].map((target) => ({ target, confirmedAt: expect.any(String) }))

describe('the seed', () => {
  it('is delivered to the warehouse and the log once the service is ready', async () => {
    expect((await world.warehouse('alder')).resources).toEqual([...core, ...lifecycle].sort())
    expect((await world.warehouse('birch')).resources).toEqual([...lifecycle].sort())
    // What is over is not delivered; what is to come is, with its window.
    expect((await world.warehouse('cedar')).resources).toEqual(['tsp:c-fund', 'tsp:i-fund', 'tsp:s-fund'])
    expect((await world.warehouse('dogwood')).resources).toEqual(['tsp:c-fund', 'tsp:g-fund'])
    expect(await world.warehouse('house')).toEqual({ epoch: 1, resources: [] })
    const epochs = (await world.events('alder')).map(({ epoch }) => epoch)
    expect(epochs).toEqual(Array.from({ length: 16 }, (_, n) => n + 1))
  })

  it('changes nothing when it runs again', async () => {
    expect(await seedTenants(world.adminUrl)).toEqual({ tenants: 0, grants: 0 })
  })
})

describe('what a tenant sees', () => {
  const everything = `{
    me { id name lei
      contracts { id status startDate endDate tenant { id } grants { id } }
      grants { id state validFrom validTo revocationReason contract { id }
        resource { kind id fund { id } shareClass { id } } }
      portfolios { id name baseCurrency tenant { id } positions { shareClassId units shareClass { id } } } }
    tenants { id } }`

  it('is itself: its contracts, grants with their states, portfolios, and stubs of what it may read', async () => {
    const { data, errors } = await service.ask('cedar', everything)
    expect(errors).toBeUndefined()
    expect(data.tenants).toEqual([{ id: 'cedar' }])
    expect(data.me.contracts).toMatchObject([{ id: 'contract-cedar', status: 'ACTIVATED', tenant: { id: 'cedar' } }])
    expect(data.me.contracts[0].grants).toHaveLength(4)
    const f = data.me.grants.find(({ resource }: { resource: { id: string } }) => resource.id === 'tsp:f-fund')
    expect(f).toMatchObject({ state: 'EXPIRED', resource: { kind: 'FUND', fund: null, shareClass: null } })
    const s = data.me.grants.find(({ resource }: { resource: { id: string } }) => resource.id === 'tsp:s-fund')
    expect(s).toMatchObject({
      state: 'ACTIVE',
      validFrom: '2020-01-01T00:00:00.000Z',
      validTo: null,
      resource: { kind: 'SHARE_CLASS', fund: null, shareClass: { id: 'tsp:s-fund' } },
    })
    expect(data.me.portfolios[0].positions).toEqual([
      { shareClassId: 'tsp:c-fund', units: '2400.25', shareClass: { id: 'tsp:c-fund' } },
      { shareClassId: 'tsp:f-fund', units: '900', shareClass: null },
      { shareClassId: 'tsp:s-fund', units: '1100', shareClass: { id: 'tsp:s-fund' } },
    ])
  })

  it('is told when a contract ends, where it does', async () => {
    const contract = '{ me { contracts { startDate endDate } } }'
    const ending = await service.ask('birch', contract)
    expect(ending.data.me.contracts).toEqual([{ startDate: '2020-01-01', endDate: '2039-12-31' }])
    const endless = await service.ask('alder', contract)
    expect(endless.data.me.contracts).toEqual([{ startDate: '2020-01-01', endDate: null }])
  })

  it('shows a grant whose window has not begun as PENDING, without its fund', async () => {
    const { data } = await service.ask('dogwood', '{ me { grants { state resource { id fund { id } } } } }')
    expect(data.me.grants).toEqual(
      expect.arrayContaining([
        { state: 'PENDING', resource: { id: 'tsp:c-fund', fund: null } },
        { state: 'ACTIVE', resource: { id: 'tsp:g-fund', fund: { id: 'tsp:g-fund' } } },
      ]),
    )
  })

  it('is every tenant for an administrator, and still no fund that its own tenant may not see', async () => {
    const { data } = await service.ask(
      'house',
      '{ tenants { id grants { resource { fund { id } shareClass { id } } } } }',
    )
    expect(data.tenants.map(({ id }: { id: string }) => id)).toEqual(
      expect.arrayContaining(['alder', 'birch', 'cedar', 'dogwood', 'house']),
    )
    for (const { grants } of data.tenants) {
      for (const { resource } of grants) expect(resource).toEqual({ fund: null, shareClass: null })
    }
  })

  it('is not another tenant’s: by id, by reference, the answer is that of an id that does not exist', async () => {
    const byId = (tenant: string, portfolio: string) =>
      service.ask(
        'birch',
        '($t: ID!, $p: ID!) { tenant(id: $t) { id name } portfolio(id: $p) { id name } }'.replace(/^/, 'query '),
        { t: tenant, p: portfolio },
      )
    const foreign = await byId('alder', 'alder-growth')
    const missing = await byId('nobody', 'nothing')
    expect(foreign.data).toEqual({ tenant: null, portfolio: null })
    expect(foreign.text).toBe(missing.text)

    const entities = `query ($of: [_Any!]!) { _entities(representations: $of) {
      ... on Tenant { name } ... on Contract { status } ... on Grant { state } ... on Portfolio { name } } }`
    const references = (ids: Record<string, string>) => ({
      of: Object.entries(ids).map(([__typename, id]) => ({ __typename, id })),
    })
    const seen = { Tenant: 'alder', Contract: 'contract-alder', Grant: 'grant-alder-c-fund', Portfolio: 'alder-growth' }
    const unknown = { Tenant: 'x', Contract: '', Grant: 'a\u0000b', Portfolio: 'y' }
    const asBirch = await service.ask('birch', entities, references(seen))
    expect(asBirch.data._entities).toEqual([null, null, null, null])
    expect(asBirch.text).toBe((await service.ask('birch', entities, references(unknown))).text)
    const asAlder = await service.ask('alder', entities, references(seen))
    expect(asAlder.data._entities).toEqual([
      { name: 'Alder Pension Trust' },
      { status: 'ACTIVATED' },
      { state: 'ACTIVE' },
      { name: 'Growth' },
    ])
  })

  it('is nothing without a genuine passport', async () => {
    const { privateKey } = await generateKeyPair('EdDSA', { extractable: true })
    const forger = await passportSealer(await exportJWK(privateKey))
    const caller = {
      tenant: 'alder',
      subject: 'x',
      client: 'test',
      scopes: new Set(['entitlement:admin']),
      expiresAt: new Date(Date.now() + 60_000),
    }
    const forged = await forger({ caller, channel: 'GRAPHQL', atLeastEpoch: 0, knownAt: new Date().toISOString() })
    for (const passport of [undefined, 'alder', forged]) {
      const answer = await service.askWith(passport, '{ me { id } }')
      expect(answer.status).toBe(401)
      expect(answer.data).toBeUndefined()
    }
  })

  it('is nothing to the service’s own login either, unless a transaction names a tenant', async () => {
    const client = new pg.Client(world.ledgerUrl)
    await client.connect()
    const tables = ['tenant', 'contract', 'access_grant', 'portfolio', 'position', 'outbox']
    for (const table of tables) {
      expect((await client.query(`select from entitlement.${table}`)).rowCount).toBe(0)
      await expect(client.query(`delete from entitlement.${table}`)).rejects.toThrow(/permission denied/)
    }
    await client.query(`begin; select set_config('app.tenant', 'birch', true)`)
    for (const table of tables) {
      const { rows } = await client.query(`select distinct tenant_id from entitlement.${table}`)
      expect(rows).toEqual([{ tenant_id: 'birch' }])
    }
    const insert = `insert into entitlement.tenant values ('mine', 'Mine', null, 1, now(), 'me')`
    await expect(client.query(insert)).rejects.toThrow(/row-level security/)
    await client.end()
  })
})

describe('a change', () => {
  it.each([
    ['registerTenant', 'mutation { registerTenant(input: { id: "mine", name: "Mine" }) { id } }'],
    [
      'grant',
      `mutation { grant(input: { tenantId: "birch", resourceKind: FUND, resourceId: "tsp:c-fund" }) { epoch } }`,
    ],
    ['revoke', 'mutation { revoke(grantId: "grant-alder-c-fund", reason: "spite") { epoch } }'],
  ])('%s is FORBIDDEN without the scope, and nothing is done', async (_, mutation) => {
    const before = await world.admin.query('select tenant_id, epoch from entitlement.tenant order by 1')
    const { data, errors } = await service.ask('birch', mutation)
    expect(data).toBeNull()
    expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }])
    const after = await world.admin.query('select tenant_id, epoch from entitlement.tenant order by 1')
    expect(after.rows).toEqual(before.rows)
  })

  it('is in the warehouse and the log when its receipt says so', async () => {
    await register('elm')
    expect(await world.warehouse('elm')).toEqual({ epoch: 1, resources: [] })
    const given = await grantTo('elm', 'tsp:c-fund')
    expect(given).toMatchObject({ epoch: 2, grant: { state: 'ACTIVE' }, confirmations: confirmed() })
    expect(await world.warehouse('elm')).toEqual({ epoch: 2, resources: ['tsp:c-fund'] })
    const seen = await service.ask('elm', '{ me { grants { resource { fund { id } } } } }')
    expect(seen.data.me.grants).toEqual([{ resource: { fund: { id: 'tsp:c-fund' } } }])

    const taken = await service.ask('house', revokeMutation, { id: given.grant.id, reason: ' contract ended ' })
    expect(taken.data.revoke).toMatchObject({
      epoch: 3,
      grant: { state: 'REVOKED', revocationReason: 'contract ended' },
      confirmations: confirmed(),
    })
    expect(await world.warehouse('elm')).toEqual({ epoch: 3, resources: [] })
    const events = await world.events('elm')
    expect(events.map(({ epoch, grants }) => [epoch, grants.map(({ resourceId }) => resourceId)])).toEqual([
      [1, []],
      [2, ['tsp:c-fund']],
      [3, []],
    ])
    expect(events[1]!.grants[0]).toMatchObject({ grantId: given.grant.id, resourceKind: 'FUND', validTo: null })
  })

  it('reaches a replica of the grants', async () => {
    const log = world.openLog()
    const replica = openGrantsReplica({ eventLog: log, log: createLogger('test', 'silent') })
    await replica.whenReady()
    await register('fir')
    const mayRead = (tenant: string) =>
      replica.mayRead({ tenant, channel: 'GRAPHQL', fieldSet: 'NAV' }, { kind: 'FUND', id: 'tsp:g-fund' }, new Date())
    expect(mayRead('fir')).toBe(false)
    const { grant } = await grantTo('fir', 'tsp:g-fund')
    await vi.waitFor(() => expect(mayRead('fir')).toBe(true))
    await service.ask('house', revokeMutation, { id: grant.id, reason: 'test' })
    await vi.waitFor(() => expect(mayRead('fir')).toBe(false))
    expect(replica.epoch('fir')).toBe(3)
    expect(mayRead('alder')).toBe(true)
    await replica.close()
    await log.close()
  })

  it('is made once, though a revocation is repeated: the repetition changes nothing and returns the grant', async () => {
    await register('gum')
    const { grant } = await grantTo('gum', 'tsp:c-fund')
    const first = await service.ask('house', revokeMutation, { id: grant.id, reason: 'first' })
    const second = await service.ask('house', revokeMutation, { id: grant.id, reason: 'second' })
    expect(second.data).toEqual(first.data)
    expect(second.data.revoke.grant.revocationReason).toBe('first')
  })

  it('follows the others of its tenant, however many come at once', async () => {
    await register('holly')
    const receipts = await Promise.all(lifecycle.map((fund) => grantTo('holly', fund)))
    expect(receipts.map(({ epoch }) => epoch).sort((a, b) => a - b)).toEqual(lifecycle.map((_, n) => n + 2))
    for (const { confirmations } of receipts) expect(confirmations).toEqual(confirmed())
    expect(await world.warehouse('holly')).toEqual({ epoch: 11, resources: [...lifecycle].sort() })
    expect((await world.events('holly')).map(({ epoch }) => epoch)).toEqual(Array.from({ length: 11 }, (_, n) => n + 1))
  })

  it('keeps its window to the microsecond', async () => {
    await register('iris')
    const window = { validFrom: '2024-01-01T00:00:00.123456Z', validTo: '2199-12-31T23:59:59.999999Z' }
    const { grant } = await grantTo('iris', 'tsp:c-fund', window)
    expect(grant).toMatchObject(window)
    expect((await world.events('iris')).at(-1)!.grants).toMatchObject([window])
    const { rows } = await world.admin.query(`select valid_to::text from gold.row_grant where tenant_id = 'iris'`)
    expect(rows).toEqual([{ valid_to: '2199-12-31 23:59:59.999999+00' }])
  })

  it('brings a tenant with thousands of grants to the warehouse and the log', async () => {
    await register('juniper')
    await world.admin.query(
      `insert into entitlement.access_grant
         (grant_id, tenant_id, resource_kind, resource_id, valid_from, recorded_by, granted_epoch)
       select 'bulk-' || n, 'juniper', 'FUND', 'amfi:' || n, '2020-01-01', 'test', 1 from generate_series(1, 9999) n`,
    )
    const { confirmations } = await grantTo('juniper', 'amfi:10000')
    expect(confirmations).toEqual(confirmed())
    expect((await world.warehouse('juniper')).resources).toHaveLength(10_000)
    expect((await world.events('juniper')).at(-1)!.grants).toHaveLength(10_000)
    const input = { tenantId: 'juniper', resourceKind: 'FUND', resourceId: 'amfi:10001' }
    const { errors } = await service.ask('house', grantMutation, { input })
    expect(errors).toMatchObject([{ message: expect.stringMatching(/at most 10000 grants/) }])
  })

  const order = { tenantId: 'birch', resourceKind: 'FUND', resourceId: 'tsp:c-fund' }
  it.each([
    ['an unknown tenant', { ...order, tenantId: 'nobody' }, 'tenantId: expected a registered tenant; got "nobody"'],
    ['a tenant id with a zero character', { ...order, tenantId: 'a\0' }, /^tenantId: expected a registered tenant/],
    [
      'another tenant’s contract',
      { ...order, contractId: 'contract-alder' },
      /^contractId: expected a contract of the tenant birch/,
    ],
    ['an unknown contract', { ...order, contractId: 'a\0' }, /^contractId: expected a contract of the tenant birch/],
    [
      'validTo before validFrom',
      { ...order, validFrom: '2030-01-01T00:00:00Z', validTo: '2029-01-01T00:00:00Z' },
      /^validTo/,
    ],
    ['validTo before now, which is when it would begin', { ...order, validTo: '2020-01-01T00:00:00Z' }, /^validTo/],
    ['a year that events cannot carry', { ...order, validTo: '9999-12-31T00:00:00Z' }, /^validTo.*1900 to 2199/],
    ['an unknown kind of resource', { ...order, resourceKind: 'PLANET' }, /PLANET/],
    ['a resource id of no source', { ...order, resourceId: 'c-fund' }, /^resourceId: expected <source>:<code>/],
  ])('is BAD_USER_INPUT with %s', async (_, input, message) => {
    const { rows } = await world.admin.query(`select count(*) from entitlement.access_grant`)
    const { errors } = await service.ask('house', grantMutation, { input })
    expect(errors).toMatchObject([
      {
        message: typeof message === 'string' ? message : expect.stringMatching(message),
        extensions: { code: 'BAD_USER_INPUT' },
      },
    ])
    expect((await world.admin.query(`select count(*) from entitlement.access_grant`)).rows).toEqual(rows)
  })

  it.each([
    [
      'a tenant that exists',
      'mutation { registerTenant(input: { id: "alder", name: "A" }) { id } }',
      /alder is a tenant already/,
    ],
    [
      'a tenant id with capitals',
      'mutation { registerTenant(input: { id: "Elm", name: "A" }) { id } }',
      /^id: expected 2 to 63/,
    ],
    [
      'the revocation of nothing',
      'mutation { revoke(grantId: "nothing", reason: "x") { epoch } }',
      /^grantId: expected an existing grant; got "nothing"/,
    ],
    [
      'a revocation without a reason',
      'mutation { revoke(grantId: "grant-alder-c-fund", reason: " ") { epoch } }',
      /^reason: expected 1 to 500/,
    ],
  ])('is BAD_USER_INPUT with %s, too', async (_, mutation, message) => {
    const { errors } = await service.ask('house', mutation)
    expect(errors).toMatchObject([{ message: expect.stringMatching(message), extensions: { code: 'BAD_USER_INPUT' } }])
  })

  it('is BAD_USER_INPUT with an LEI whose check digits are wrong', async () => {
    const mutation = 'mutation ($input: RegisterTenantInput!) { registerTenant(input: $input) { id } }'
    const input = { id: 'elm3', name: 'Elm', lei: '529900T8BM49AURSDO56' }
    const { errors } = await service.ask('house', mutation, { input })
    expect(errors).toMatchObject([
      { message: expect.stringMatching(/check digits/), extensions: { code: 'BAD_USER_INPUT' } },
    ])
  })

  it('leaves the history in place: who had what on a past day can be asked on both axes', async () => {
    const { rows } = await world.admin.query(
      `select g.grant_id, g.recorded_by, g.revoked_by, g.revocation_reason, g.recorded_at < g.revoked_at as in_order
       from entitlement.access_grant g where tenant_id = 'gum'`,
    )
    expect(rows).toMatchObject([
      { recorded_by: 'house/house-demo', revoked_by: 'house/house-demo', revocation_reason: 'first', in_order: true },
    ])
    // Not even the service's own login, as an administrator, takes a revocation back.
    const client = new pg.Client(world.ledgerUrl)
    await client.connect()
    await client.query(`begin; select set_config('app.administrator', 'on', true)`)
    const { rowCount } = await client.query(
      `update entitlement.access_grant set revoked_at = null, revoked_by = null, revocation_reason = null,
       revoked_epoch = null where tenant_id = 'gum'`,
    )
    expect(rowCount).toBe(0)
    await client.end()
  })
})
