/** Contracts, their lines, suspensions and roles, from the mutation to the event and the row policies. */

import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { topics } from '@fundmesh/contracts/events'
import type { EntitlementGrants } from '@fundmesh/contracts/generated/events'
import { encodeEvent } from '@fundmesh/platform/events/codec'
import { readConsistencyToken } from '@fundmesh/platform/grants/consistency-token'
import { STRUCTURE_TOPIC } from '@fundmesh/platform/grants/replica'
import { migrate } from '@fundmesh/platform/postgres/migrate'
import { createLogger } from '@fundmesh/platform/telemetry/log'
import { freshDatabase } from '@fundmesh/platform/testing/database'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { grantsOfEntries, type LogEntry } from '../../subgraphs/entitlement/src/audit/access-log.ts'
import { openLedger } from '../../subgraphs/entitlement/src/store/ledger.ts'
import { createWorld, type Running, type World } from './entitlement-world.ts'

let world: World
let service: Running

beforeAll(async () => {
  world = await createWorld()
  service = await world.startService()
})
afterAll(async () => {
  await service?.stop()
  await world?.close()
})

// biome-ignore lint/suspicious/noExplicitAny: the shape of the data is the test's own business
async function change(mutation: string, variables: object): Promise<any> {
  const { data, errors } = await service.ask('house', mutation, variables)
  expect(errors).toBeUndefined()
  return Object.values(data)[0]
}

const refusal = async (mutation: string, variables: object) => {
  const { errors } = await service.ask('house', mutation, variables)
  expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }])
  return errors![0]!.message
}

const register = (id: string) =>
  change('mutation ($input: RegisterTenantInput!) { registerTenant(input: $input) { consistencyToken } }', {
    input: { id, name: `Tenant ${id}` },
  })

const receipt = 'epoch consistencyToken confirmations { confirmedAt }'
const recordContract = `mutation ($input: ContractInput!) { recordContract(input: $input) {
  contract { id status startDate endDate lines { number resource { kind id } channels fieldSets regions embargoDays }
    grants { id state line { number } validFrom validTo } } ${receipt} } }`
const terminate = `mutation ($id: ID!, $reason: String!) { terminateContract(contractId: $id, reason: $reason) {
  contract { status terminatedAt terminationReason grants { state revocationReason } } ${receipt} } }`
const grantMutation = `mutation ($input: GrantInput!) { grant(input: $input) {
  grant { id state channels fieldSets regions embargoDays validFrom validTo } ${receipt} } }`
const suspend = `mutation ($id: ID!, $reason: String!) { suspendGrant(grantId: $id, reason: $reason) {
  grant { state suspensionReason } ${receipt} } }`
const resume = `mutation ($id: ID!, $reason: String!) { resumeGrant(grantId: $id, reason: $reason) {
  grant { state suspensionReason } ${receipt} } }`
const revoke = `mutation ($id: ID!, $reason: String!) { revoke(grantId: $id, reason: $reason) { grant { state } epoch } }`
const assignRoles = `mutation ($tenantId: ID!, $subject: String!, $roles: [String!]!) {
  assignRoles(tenantId: $tenantId, subject: $subject, roles: $roles) { tenant { id } subject roles ${receipt} } }`

const newestEvent = async (tenant: string): Promise<EntitlementGrants> => (await world.events(tenant)).at(-1)!
const rowGrants = async (tenant: string) =>
  (
    await world.admin.query(
      `select resource_id, channels, field_sets, regions, embargo_days from gold.row_grant
       where tenant_id = $1 order by 1`,
      [tenant],
    )
  ).rows

const line = (resourceId: string, more: object = {}) => ({ resourceKind: 'FUND', resourceId, ...more })
const contract = (tenantId: string, id: string, more: object = {}) => ({
  input: { id, tenantId, startDate: '2020-01-01', lines: [line('tsp:c-fund')], ...more },
})

describe('a contract', () => {
  it('comes into force with a grant for each line, as one change, in the event and the row policies alike', async () => {
    await register('ash')
    const lines = [
      line('tsp:c-fund', { channels: ['STREAM', 'GRAPHQL', 'STREAM'], fieldSets: ['NAV'], regions: ['DE', 'AT'] }),
      line('tsp:s-class', { resourceKind: 'SHARE_CLASS', embargoDays: 30, validTo: '2199-01-01T00:00:00.000Z' }),
    ]
    const made = await change(recordContract, contract('ash', 'c-ash', { endDate: '2199-12-31', lines }))
    expect(made).toMatchObject({
      epoch: 2,
      contract: {
        status: 'ACTIVATED',
        lines: [
          { number: 1, resource: { kind: 'FUND', id: 'tsp:c-fund' }, channels: ['GRAPHQL', 'STREAM'], embargoDays: 0 },
          { number: 2, resource: { kind: 'SHARE_CLASS' }, channels: null, embargoDays: 30 },
        ],
        grants: [
          {
            state: 'ACTIVE',
            line: { number: 1 },
            validFrom: '2020-01-01T00:00:00.000Z',
            validTo: '2200-01-01T00:00:00.000Z',
          },
          { state: 'ACTIVE', line: { number: 2 }, validTo: '2199-01-01T00:00:00.000Z' },
        ],
      },
    })
    expect(readConsistencyToken(made.consistencyToken)).toEqual({ tenant: 'ash', epoch: 2 })
    expect(await rowGrants('ash')).toEqual([
      {
        resource_id: 'tsp:c-fund',
        channels: ['GRAPHQL', 'STREAM'],
        field_sets: ['NAV'],
        regions: ['AT', 'DE'],
        embargo_days: 0,
      },
      { resource_id: 'tsp:s-class', channels: null, field_sets: null, regions: null, embargo_days: 30 },
    ])
    expect((await newestEvent('ash')).grants).toMatchObject([
      { channels: ['GRAPHQL', 'STREAM'], fieldSets: ['NAV'], regions: ['AT', 'DE'], embargoDays: 0 },
      { channels: null, fieldSets: null, regions: null, embargoDays: 30 },
    ])
    const again = await change(recordContract, contract('ash', 'c-ash', { endDate: '2199-12-31', lines }))
    expect(again).toEqual(made)
    expect(await refusal(recordContract, contract('ash', 'c-ash'))).toContain('c-ash is another contract')
  })

  it('bounds the windows of its grants, those that are beside its lines too', async () => {
    await register('bay')
    await change(recordContract, contract('bay', 'c-bay', { startDate: '2030-01-01', endDate: '2030-12-31' }))
    const input = { tenantId: 'bay', contractId: 'c-bay', ...line('tsp:f-fund') }
    const { grant } = await change(grantMutation, { input: { ...input, validTo: '2199-01-01T00:00:00.000Z' } })
    expect(grant).toMatchObject({
      state: 'PENDING',
      validFrom: '2030-01-01T00:00:00.000Z',
      validTo: '2031-01-01T00:00:00.000Z',
    })
    const beyond = { ...input, validFrom: '2031-01-01T00:00:00.000Z' }
    expect(await refusal(grantMutation, { input: beyond })).toContain('within the contract c-bay')
    const { rows } = await world.admin.query(
      `select distinct valid_from::text, valid_to::text from gold.row_grant where tenant_id = 'bay'`,
    )
    expect(rows).toEqual([{ valid_from: '2030-01-01 00:00:00+00', valid_to: '2031-01-01 00:00:00+00' }])
  })

  it('ends with all of its grants, as one change, once', async () => {
    await register('cob')
    await change(recordContract, contract('cob', 'c-cob', { lines: [line('tsp:c-fund'), line('tsp:f-fund')] }))
    await change(grantMutation, { input: { tenantId: 'cob', ...line('tsp:g-fund') } })
    const ended = await change(terminate, { id: 'c-cob', reason: 'not paid' })
    expect(ended).toMatchObject({ epoch: 4, contract: { status: 'TERMINATED', terminationReason: 'not paid' } })
    expect(ended.contract.grants).toEqual(
      Array(2).fill({ state: 'REVOKED', revocationReason: 'contract c-cob terminated: not paid' }),
    )
    expect((await world.warehouse('cob')).resources).toEqual(['tsp:g-fund'])
    expect(await change(terminate, { id: 'c-cob', reason: 'again' })).toEqual(ended)
    expect(await refusal(terminate, { id: 'c-nobody', reason: 'x' })).toContain('an existing contract')
    const late = { tenantId: 'cob', contractId: 'c-cob', ...line('tsp:c-fund') }
    expect(await refusal(grantMutation, { input: late })).toContain('TERMINATED')
  })

  it.each([
    ['no lines', { lines: [] }, /lines: expected 1 to 2000; got 0/],
    ['an end before its start', { endDate: '2019-12-31' }, /endDate: expected a day not before startDate/],
    [
      'a line that never holds',
      { lines: [line('tsp:a', { validTo: '2019-01-01T00:00:00.000Z' })] },
      /line 1 to hold within/,
    ],
    ['an empty limit', { lines: [line('tsp:a', { channels: [] })] }, /channels: expected one at least/],
    ['a negative embargo', { lines: [line('tsp:a', { embargoDays: -1 })] }, /embargoDays: expected 0 to 3660/],
  ])('is refused with %s, and nothing is recorded', async (_, more, message) => {
    expect(await refusal(recordContract, contract('ash', 'c-refused', more))).toMatch(message)
    expect((await world.admin.query(`select from entitlement.contract where contract_id = 'c-refused'`)).rowCount).toBe(
      0,
    )
  })
})

describe('a grant', () => {
  it('is made once for a key, whatever else is asked under it is refused', async () => {
    await register('elder')
    const input = { tenantId: 'elder', ...line('tsp:c-fund', { embargoDays: 7 }), idempotencyKey: 'order-1' }
    const first = await change(grantMutation, { input })
    expect(await change(grantMutation, { input })).toEqual(first)
    expect(await refusal(grantMutation, { input: { ...input, embargoDays: 0 } })).toContain('idempotencyKey')
    expect((await change(grantMutation, { input: { ...input, idempotencyKey: 'order-2' } })).epoch).toBe(3)
  })

  it('is out of force while it is suspended, and back as it was when resumed', async () => {
    await register('gale')
    const { grant } = await change(grantMutation, { input: { tenantId: 'gale', ...line('tsp:c-fund') } })
    const id = grant.id
    expect(await change(suspend, { id, reason: 'overdue' })).toMatchObject({
      epoch: 3,
      grant: { state: 'SUSPENDED', suspensionReason: 'overdue' },
    })
    expect((await change(suspend, { id, reason: 'again' })).epoch).toBe(3)
    expect(await world.warehouse('gale')).toEqual({ epoch: 3, resources: [] })
    expect((await newestEvent('gale')).grants).toEqual([])
    expect(await change(resume, { id, reason: 'paid' })).toMatchObject({
      epoch: 4,
      grant: { state: 'ACTIVE', suspensionReason: null },
    })
    expect((await world.warehouse('gale')).resources).toEqual(['tsp:c-fund'])
    await change(suspend, { id, reason: 'overdue once more' })
    await change(revoke, { id, reason: 'enough' })
    expect((await change(resume, { id, reason: 'late' })).grant.state).toBe('REVOKED')
    expect((await world.warehouse('gale')).resources).toEqual([])
    expect(await refusal(suspend, { id, reason: 'x' })).toContain('a revocation is final')
    const { rows } = await world.admin.query(
      'select suspension_reason, resumption_reason from entitlement.suspension where grant_id = $1 order by suspended_at',
      [id],
    )
    // What was delivered under it, as the log tells by the epoch of each entry: 2 granted, 3 suspended, 4 resumed, 5, 6 revoked.
    const ledgers = openLedger(world.ledgerUrl, createLogger('test', 'silent'))
    const at = new Date().toISOString()
    const entries = [1, 2, 3, 4, 5, 6].map(
      (grantsVersion): LogEntry => ({
        ...{ tenantId: 'gale', position: 1, hash: '', recordedAt: at, arrival: '1' },
        body: { at, kind: 'ANSWER', subject: '', decision: 'ALLOWED', resources: ['FUND:tsp:c-fund'], grantsVersion },
      }),
    )
    const grants = await grantsOfEntries(ledgers.forService(), { fundOf: () => undefined }, entries)
    await ledgers.close()
    expect(grants).toEqual([[], [id], [], [id], [], []])
    expect(rows).toEqual([
      { suspension_reason: 'overdue', resumption_reason: 'paid' },
      { suspension_reason: 'overdue once more', resumption_reason: 'late' },
    ])
  })
})

describe('roles', () => {
  it('stand in the event until others take their place', async () => {
    await register('hale')
    const given = { tenantId: 'hale', subject: 'ann', roles: ['market-data', 'analyst', 'analyst'] }
    expect(await change(assignRoles, given)).toMatchObject({ epoch: 2, roles: ['analyst', 'market-data'] })
    expect((await change(assignRoles, given)).epoch).toBe(2)
    expect((await newestEvent('hale')).principals).toEqual([{ subject: 'ann', roles: ['analyst', 'market-data'] }])
    const seen = await service.ask('hale', '{ me { principals { subject roles } } }')
    expect(seen.data.me.principals).toEqual([{ subject: 'ann', roles: ['analyst', 'market-data'] }])
    expect((await change(assignRoles, { ...given, roles: [] })).epoch).toBe(3)
    expect((await newestEvent('hale')).principals).toEqual([])
    expect(await refusal(assignRoles, { ...given, roles: ['Über'] })).toContain('roles: expected lower-case')
    expect(await refusal(assignRoles, { ...given, tenantId: 'nobody' })).toContain('a registered tenant')
  })
})

describe('history', () => {
  const whoCouldSee = `query ($kind: ResourceKind!, $id: ID!, $validAt: DateTime!, $knownAt: DateTime, $channel: GrantChannel,
    $fieldSet: GrantFieldSet) { whoCouldSee(resourceKind: $kind, resourceId: $id, validAt: $validAt, knownAt: $knownAt,
    channel: $channel, fieldSet: $fieldSet) { tenant { id } grant { id state } line { number } } }`
  const asOf = 'query ($asOf: GrantsAsOfInput!) { me { grants(asOf: $asOf) { id } } }'
  const now = () => new Date().toISOString()

  it('tells what held at an instant as was known at one, and neither revives anything', async () => {
    await register('ivory')
    const before = now()
    const { grant } = await change(grantMutation, {
      input: { tenantId: 'ivory', ...line('tsp:c-fund'), validFrom: '2020-01-01T00:00:00.000Z' },
    })
    const granted = now()
    await change(suspend, { id: grant.id, reason: 'x' })
    const suspended = now()
    await change(resume, { id: grant.id, reason: 'x' })
    const resumed = now()
    await change(revoke, { id: grant.id, reason: 'x' })
    const revoked = now()
    const held = async (validAt: string, knownAt?: string) => {
      const { data, errors } = await service.ask('ivory', asOf, { asOf: { validAt, knownAt } })
      expect(errors).toBeUndefined()
      return data.me.grants.length as number
    }
    // As was known at the very instant.
    for (const [at, count] of [
      [before, 0],
      [granted, 1],
      [suspended, 0],
      [resumed, 1],
      [revoked, 0],
    ] as const) {
      expect([at, await held(at, at)]).toEqual([at, count])
    }
    // As is known now: recorded late, the grant did hold before; what was suspended and revoked did not.
    for (const [at, count] of [
      [before, 1],
      [granted, 1],
      [suspended, 0],
      [resumed, 1],
      [revoked, 0],
    ] as const) {
      expect([at, await held(at)]).toEqual([at, count])
    }
    // As was known while it was suspended, it was not to hold later either.
    expect(await held(resumed, suspended)).toBe(0)
    expect((await world.warehouse('ivory')).resources).toEqual([])
    const future = new Date(Date.now() + 3_600_000).toISOString()
    const { errors } = await service.ask('ivory', asOf, { asOf: { validAt: future, knownAt: future } })
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }])
  })

  it('tells an auditor under which grant and line a tenant could see a resource, and nobody else', async () => {
    const log = world.openLog()
    await log.ensureTopics([topics.get(STRUCTURE_TOPIC)!])
    const producer = await log.producer()
    const data = { shareClassId: 'tsp:j-class', fundId: 'tsp:j-fund', sequence: 1 }
    const type = 'asset-management.fund.structure.v1'
    await producer.append([
      encodeEvent({ topic: STRUCTURE_TOPIC, type, source: '/t', id: '1', time: new Date(), data }),
    ])
    await log.close()
    await register('jade')
    await register('jute')
    await change(recordContract, contract('jade', 'c-jade', { lines: [line('tsp:j-fund', { fieldSets: ['NAV'] })] }))
    await change(grantMutation, {
      input: { tenantId: 'jute', resourceKind: 'SHARE_CLASS', resourceId: 'tsp:j-class', channels: ['KAFKA'] },
    })
    const ask = async (kind: string, id: string, more: object = {}) => {
      const { data, errors } = await service.ask('auditor', whoCouldSee, { kind, id, validAt: now(), ...more })
      expect(errors).toBeUndefined()
      return data.whoCouldSee.map(({ tenant, line: found }: { tenant: { id: string }; line: object | null }) => [
        tenant.id,
        found,
      ])
    }
    const jade = ['jade', { number: 1 }]
    await expect.poll(() => ask('SHARE_CLASS', 'tsp:j-class')).toEqual([jade, ['jute', null]])
    expect(await ask('SHARE_CLASS', 'tsp:j-class', { channel: 'GRAPHQL' })).toEqual([jade])
    expect(await ask('SHARE_CLASS', 'tsp:j-class', { fieldSet: 'RISK' })).toEqual([['jute', null]])
    expect(await ask('FUND', 'tsp:j-fund', { fieldSet: 'REFERENCE' })).toEqual([jade, ['jute', null]])
    expect(await ask('FUND', 'tsp:j-fund', { fieldSet: 'NAV' })).toEqual([jade])
    expect(await ask('FUND', 'tsp:j-fund', { validAt: '2020-06-01T00:00:00.000Z' })).toEqual([jade])
    expect(await ask('FUND', 'tsp:j-fund', { knownAt: '2020-06-01T00:00:00.000Z' })).toEqual([])
    for (const tenant of ['jade', 'house']) {
      const { errors } = await service.ask(tenant, whoCouldSee, { kind: 'FUND', id: 'tsp:j-fund', validAt: now() })
      expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }])
    }
    const { data: all } = await service.ask('auditor', '{ tenants { id grants { id } portfolios { id } } }')
    expect(all.tenants.map(({ id }: { id: string }) => id)).toContain('jade')
    const { errors } = await service.ask('auditor', revoke, { id: 'x', reason: 'x' })
    expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }])
  })
})

describe('the ledger’s migrations', () => {
  it('bring a ledger of the version before, with its grants as they were', async () => {
    const database = await freshDatabase()
    const folder = fileURLToPath(new URL('../../subgraphs/entitlement/migrations', import.meta.url))
    const before = await mkdtemp(join(tmpdir(), 'ledger-'))
    for (const file of ['001-ledger.sql', '010-audit.sql']) await cp(join(folder, file), join(before, file))
    expect(await migrate(database.url, { set: 'entitlement', folder: before })).toHaveLength(2)
    const admin = new pg.Client(database.url)
    await admin.connect()
    await admin.query(`
      insert into entitlement.tenant values ('old', 'Old', null, 2, now(), 'test');
      insert into entitlement.contract values ('c-old', 'old', 'ACTIVATED', '2020-01-01', '2029-12-31', now());
      insert into entitlement.access_grant (grant_id, tenant_id, resource_kind, resource_id, contract_id, valid_from,
        recorded_by, granted_epoch) values ('g-old', 'old', 'FUND', 'tsp:c-fund', 'c-old', '2010-01-01', 'test', 2)`)
    expect(await migrate(database.url, { set: 'entitlement', folder })).toContain('011-contract-lines.sql')
    const { rows } = await admin.query(
      `select grant_id, valid_from::text, valid_to::text, channels, embargo_days, suspended_at from entitlement.bounded_grant`,
    )
    expect(rows).toEqual([
      {
        grant_id: 'g-old',
        valid_from: '2020-01-01 00:00:00+00',
        valid_to: '2030-01-01 00:00:00+00',
        channels: null,
        embargo_days: 0,
        suspended_at: null,
      },
    ])
    await admin.end()
    await rm(before, { recursive: true })
    await database.drop()
  })
})
