/**
 * Four that decide who may read what, and one that says what was done: over random histories of contracts, for every
 * resource, reading, date and instant of a small world, they agree. The histories run through the real service, so that
 * what is compared is what it delivered.
 *
 *   Cedar       the policies of contracts/access/rows, over what was done, as this test remembers it
 *   the fold    the newest event of the tenant in the log, decided by a plain scan that is written here
 *   the index   a replica of the grants on the same log
 *   SQL         the warehouse's rows, as the readers' login sees them
 */
import { rowPoliciesFolder } from '@fundmesh/contracts/access'
import { topics } from '@fundmesh/contracts/events'
import type { EntitlementGrants } from '@fundmesh/contracts/generated/events'
import { encodeEvent } from '@fundmesh/platform/events/codec'
import type { EventLog } from '@fundmesh/platform/events/log'
import type { Channel, FieldSet, Reading } from '@fundmesh/platform/grants/reading'
import { type GrantsReplica, openGrantsReplica, STRUCTURE_TOPIC } from '@fundmesh/platform/grants/replica'
import type { Resource } from '@fundmesh/platform/grants/resource-numbers'
import { readPolicies } from '@fundmesh/platform/policies/files'
import { type LedgerGrant, type RowPolicies, rowPolicies } from '@fundmesh/platform/policies/row-policies'
import { createLogger } from '@fundmesh/platform/telemetry/log'
import fc from 'fast-check'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createWorld, type Running, type World } from '../subgraphs/entitlement-world.ts'

const seed = Number(process.env.RIGHTS_SEED ?? Date.now() % 1_000_000)
const histories = Number(process.env.RIGHTS_HISTORIES ?? 8)
/** Questions of each history that are asked of all. */
const readingsAsked = 24

/** share class → fund */
const structure = new Map([
  ['x:s1', 'x:f1'],
  ['x:s2', 'x:f1'],
  ['x:s3', 'x:f2'],
])
const funds = [...new Set(structure.values())]
const resources: readonly Resource[] = [
  ...funds.map((id): Resource => ({ kind: 'FUND', id })),
  ...[...structure.keys()].map((id): Resource => ({ kind: 'SHARE_CLASS', id })),
]
const DAY = 86_400_000
const HOUR = 3_600_000
/** Days begin here; all that may be asked about lies behind, as what is over is not delivered. */
const origin = Math.ceil(Date.now() / DAY) * DAY + DAY
const day = (n: number) => new Date(origin + n * DAY).toISOString().slice(0, 10)
const instant = (hours: number) => new Date(origin + hours * HOUR).toISOString()
/** The dates of the values in the warehouse. */
const dates = Array.from({ length: 20 }, (_, n) => n - 8)

const list = <Value>(...values: Value[]) =>
  fc.option(fc.subarray(values, { minLength: 1 }), { nil: null, freq: 2 }) as fc.Arbitrary<Value[] | null>
/** In hours, so few of them that bounds meet. */
const hours = (min: number, max: number) => fc.integer({ min, max }).map((n) => n * 12)
const right = fc
  .record({
    resource: fc.constantFrom(...resources),
    channels: list<Channel>('GRAPHQL', 'STREAM', 'KAFKA'),
    fieldSets: list<FieldSet>('REFERENCE', 'NAV', 'PERFORMANCE', 'RISK'),
    regions: list('DE', 'FR'),
    embargoDays: fc.constantFrom(0, 0, 1, 3),
    from: hours(-2, 4),
    to: fc.option(hours(0, 8), { nil: null, freq: 2 }),
  })
  .filter(({ from, to }) => to === null || from < to)
type Right = typeof right extends fc.Arbitrary<infer T> ? T : never

const step = fc.oneof(
  { weight: 5, arbitrary: fc.record({ does: fc.constant('grant' as const), right }) },
  {
    weight: 3,
    arbitrary: fc.record({
      does: fc.constant('contract' as const),
      lines: fc.array(right, { minLength: 1, maxLength: 3 }),
      endsAfter: fc.option(fc.integer({ min: 0, max: 4 }), { nil: null }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ does: fc.constantFrom('suspend', 'resume', 'revoke', 'terminate'), which: fc.nat(20) }),
  },
)
const history = fc.array(fc.record({ tenant: fc.constantFrom('a', 'b'), step }), { minLength: 6, maxLength: 16 })
type History = typeof history extends fc.Arbitrary<infer T> ? T : never

/** What the ledger should hold: a grant, and which contract it came from. */
type Held = { -readonly [Key in keyof LedgerGrant]: LedgerGrant[Key] } & { id: string; contract: string | null }

let world: World
let service: Running
let eventLog: EventLog
let replica: GrantsReplica
let reader: pg.Client
let cedar: RowPolicies

beforeAll(async () => {
  console.log(`agreement of rights: RIGHTS_SEED=${seed}`)
  world = await createWorld()
  await world.admin.query(
    `insert into gold.fund select id, id, 'House', 'Equity', 'US', 'EUR', '2000-01-01' from unnest($1::text[]) id`,
    [funds],
  )
  for (const [id, fund] of structure) {
    await world.admin.query(`insert into gold.share_class values ($1, $2, null, $1, 'EUR', '2000-01-01', false)`, [
      id,
      fund,
    ])
    await world.admin.query(
      `insert into gold.nav select $1, d::date, 1, 1, 'EUR', 'test', 'file', repeat('0', 64), 1, now()
       from unnest($2::text[]) d`,
      [id, dates.map(day)],
    )
  }
  await world.admin.query(
    `insert into gold.data_product values ('p', 'p', 'P', 'P', 'daily', '[]');
     insert into gold.product_coverage select 'p', fund_id from gold.fund;
     create or replace function gold.rights_at() returns timestamptz language sql volatile as
       $$ select coalesce(nullif(current_setting('test.now', true), '')::timestamptz, clock_timestamp()) $$`,
  )
  eventLog = world.openLog()
  await eventLog.ensureTopics([topics.get(STRUCTURE_TOPIC)!])
  const producer = await eventLog.producer()
  const type = 'asset-management.fund.structure.v1'
  await producer.append(
    [...structure].map(([shareClassId, fundId]) =>
      encodeEvent({
        topic: STRUCTURE_TOPIC,
        type,
        source: '/test',
        id: shareClassId,
        time: new Date(),
        data: { shareClassId, fundId, sequence: 1 },
      }),
    ),
  )
  service = await world.startService()
  replica = openGrantsReplica({ eventLog, log: createLogger('test', 'silent') })
  await replica.whenReady()
  reader = new pg.Client(world.readerUrl)
  await reader.connect()
  cedar = rowPolicies(readPolicies(rowPoliciesFolder), (id) => structure.get(id)!)
})
afterAll(async () => {
  await reader?.end()
  await replica?.close()
  await eventLog?.close()
  await service?.stop()
  await world?.close()
})

/** Does what the history says through the service, and remembers it. */
async function play(steps: History, name: (tenant: string) => string): Promise<readonly Held[]> {
  const held: Held[] = []
  const contracts: string[] = []
  // biome-ignore lint/suspicious/noExplicitAny: the shape of the data is the mutation's
  const change = async (mutation: string, variables: object): Promise<any> => {
    const { data, errors } = await service.ask('house', mutation, variables)
    expect(errors).toBeUndefined()
    return Object.values(data)[0]
  }
  const input = ({ resource, from, to, ...terms }: Right) => ({
    resourceKind: resource.kind,
    resourceId: resource.id,
    ...terms,
    validFrom: instant(from),
    validTo: to === null ? null : instant(to),
  })
  const remember = (id: string, tenant: string, one: Right, contract: string | null, endsAfter: number | null) => {
    const end = endsAfter === null ? null : (endsAfter + 1) * 24
    const to = [one.to, end].filter((at) => at !== null).sort((x, y) => x - y)[0] ?? null
    const { resource, channels, fieldSets, regions, embargoDays } = one
    held.push({
      ...{ id, tenant, contract, resource, channels, fieldSets, regions, embargoDays },
      from: (origin + Math.max(one.from, contract === null ? one.from : -24) * HOUR) * 1_000,
      to: to === null ? null : (origin + to * HOUR) * 1_000,
      suspended: false,
      revoked: false,
    })
  }
  for (const tenant of ['a', 'b'].map(name)) {
    await change('mutation ($input: RegisterTenantInput!) { registerTenant(input: $input) { id } }', {
      input: { id: tenant, name: tenant },
    })
  }
  for (const { tenant: short, step: one } of steps) {
    const tenant = name(short)
    if (one.does === 'grant') {
      const order = { tenantId: tenant, ...input(one.right) }
      const { grant } = await change('mutation ($input: GrantInput!) { grant(input: $input) { grant { id } } }', {
        input: order,
      })
      remember(grant.id, tenant, one.right, null, null)
    } else if (one.does === 'contract') {
      const id = `${tenant}-${contracts.length}`
      const endsAfter = one.endsAfter
      const ends = endsAfter === null ? Infinity : (endsAfter + 1) * 24
      const lines = one.lines.filter(({ from, to }) => from < ends && (to === null || to > -24))
      if (lines.length === 0) continue
      contracts.push(id)
      const endDate = endsAfter === null ? null : day(endsAfter)
      const { contract } = await change(
        'mutation ($input: ContractInput!) { recordContract(input: $input) { contract { grants { id line { number } } } } }',
        { input: { id, tenantId: tenant, startDate: day(-1), endDate, lines: lines.map(input) } },
      )
      for (const { id: grantId, line } of contract.grants) {
        remember(grantId, tenant, lines[line.number - 1]!, id, endsAfter)
      }
    } else if (one.does === 'terminate') {
      const id = contracts[one.which % contracts.length]
      if (id === undefined) continue
      await change('mutation ($id: ID!) { terminateContract(contractId: $id, reason: "test") { epoch } }', { id })
      for (const grant of held) if (grant.contract === id) grant.revoked = true
    } else {
      const grant = held[one.which % held.length]
      if (!grant || (one.does === 'suspend' && grant.revoked)) continue
      const field = { suspend: 'suspendGrant', resume: 'resumeGrant', revoke: 'revoke' }[one.does as 'suspend']
      await change(`mutation ($id: ID!) { ${field}(grantId: $id, reason: "test") { epoch } }`, { id: grant.id })
      if (one.does === 'revoke') grant.revoked = true
      else grant.suspended = one.does === 'suspend'
    }
  }
  return held
}

/** The plain scan over the newest event of the tenant. Undefined date: the facts. */
function fold(event: EntitlementGrants, reading: Reading, { kind, id }: Resource, at: Date, date?: string): boolean {
  const now = at.toISOString().replace('Z', '000Z')
  const text = (instantText: string) => `${instantText.slice(0, -1).padEnd(26, '0')}Z`
  return event.grants.some((grant) => {
    const own = grant.resourceKind === kind && grant.resourceId === id
    const ofFund = kind === 'SHARE_CLASS' && grant.resourceKind === 'FUND' && structure.get(id) === grant.resourceId
    const facts = reading.fieldSet === 'REFERENCE'
    const ofClass = facts && kind === 'FUND' && structure.get(grant.resourceId) === id && grant.resourceKind !== 'FUND'
    if (!own && !ofFund && !ofClass) return false
    if (text(grant.validFrom) > now || (grant.validTo !== null && text(grant.validTo) <= now)) return false
    if (grant.channels && !grant.channels.includes(reading.channel)) return false
    if (grant.regions && !grant.regions.includes(reading.region ?? '')) return false
    if (facts) return true
    if (grant.fieldSets && !grant.fieldSets.includes(reading.fieldSet)) return false
    const last = new Date(Math.floor(at.getTime() / DAY) * DAY - grant.embargoDays * DAY).toISOString().slice(0, 10)
    return grant.embargoDays === 0 || date === undefined || date <= last
  })
}

/** What the reader's login sees, as `FUND x`, `SHARE_CLASS x` and `x date` of values. */
async function seenInSql({ tenant, channel, region, fieldSet }: Reading, at: Date): Promise<readonly string[]> {
  await reader.query('begin')
  const settings = { 'app.tenant': tenant, 'app.channel': channel, 'app.region': region, 'app.field_set': fieldSet }
  for (const [name, value] of Object.entries({ ...settings, 'test.now': at.toISOString() })) {
    if (value !== undefined) await reader.query('select set_config($1, $2, true)', [name, value])
  }
  const { rows } = await reader.query<{ seen: string }>(
    `select 'FUND ' || fund_id as seen from gold.fund
     union all select 'SHARE_CLASS ' || share_class_id from gold.share_class
     union all select 'COVERED ' || fund_id from gold.product_coverage
     union all select share_class_id || ' ' || nav_date from gold.nav`,
  )
  await reader.query('commit')
  return rows.map(({ seen }) => seen).sort()
}

type Decide = (reading: Reading, resource: Resource, date?: string) => boolean

/** The same, decided for each row by itself: facts are REFERENCE, values of what is read, and REFERENCE has none. */
function seenBy(decide: Decide, reading: Reading): readonly string[] {
  const facts: Reading = { ...reading, fieldSet: 'REFERENCE' }
  const seen = resources.filter((one) => decide(facts, one)).map(({ kind, id }) => `${kind} ${id}`)
  const covered = funds.filter((id) => decide(facts, { kind: 'FUND', id })).map((id) => `COVERED ${id}`)
  const values =
    reading.fieldSet === 'REFERENCE'
      ? []
      : [...structure.keys()].flatMap((id) =>
          dates
            .map(day)
            .filter((date) => decide(reading, { kind: 'SHARE_CLASS', id }, date))
            .map((date) => `${id} ${date}`),
        )
  return [...seen, ...covered, ...values].sort()
}

const question = fc.record({
  tenant: fc.constantFrom('a', 'a', 'a', 'b', 'b', 'b', 'nobody'),
  channel: fc.constantFrom<Channel>('GRAPHQL', 'STREAM', 'KAFKA'),
  region: fc.constantFrom(undefined, 'DE', 'FR'),
  fieldSet: fc.constantFrom<FieldSet>('REFERENCE', 'NAV', 'PERFORMANCE', 'RISK'),
  /** A bound of windows, a day, or a millisecond before or after. */
  hours: fc.integer({ min: -2, max: 10 }).map((n) => n * 12),
  milliseconds: fc.constantFrom(-1, 0, 0, 1),
})

describe('Cedar, the index, SQL and the fold of the event log', () => {
  it('agree over random histories of contracts', async () => {
    let round = 0
    let decisions = 0
    let seen = 0
    await fc.assert(
      fc.asyncProperty(
        history,
        fc.array(question, { minLength: readingsAsked, maxLength: readingsAsked }),
        async (steps, questions) => {
          round += 1
          const name = (tenant: string) => `t${round}-${tenant}`
          const held = await play(steps, name)
          const events = new Map<string, EntitlementGrants>()
          for (const tenant of ['a', 'b'].map(name)) {
            const newest = (await world.events(tenant)).at(-1)!
            events.set(tenant, newest)
            await replica.whenAtLeast(tenant, newest.epoch, AbortSignal.timeout(60_000))
          }
          for (const { hours, milliseconds, ...who } of questions) {
            const reading: Reading = { ...who, tenant: name(who.tenant) }
            const at = new Date(origin + hours * HOUR + milliseconds)
            const event = events.get(reading.tenant)
            const byFold: Decide = (...asked) => event !== undefined && fold(event, asked[0], asked[1], at, asked[2])
            const byCedar: Decide = (as, resource, date) =>
              held.some((grant) => {
                const asked = { reading: as, resource, at, day: date && Date.parse(date) / DAY }
                return grant.tenant === as.tenant && cedar(grant, asked as Parameters<RowPolicies>[1])
              })
            const expected = seenBy(byCedar, reading)
            seen += expected.length
            decisions += resources.length + funds.length + structure.size * dates.length
            expect({ by: 'fold', reading, at, seen: seenBy(byFold, reading) }).toEqual({
              by: 'fold',
              reading,
              at,
              seen: expected,
            })
            const byIndex: Decide = (as, resource, date) => replica.mayRead(as, resource, at, date)
            expect({ by: 'index', reading, at, seen: seenBy(byIndex, reading) }).toEqual({
              by: 'index',
              reading,
              at,
              seen: expected,
            })
            expect({ by: 'SQL', reading, at, seen: await seenInSql(reading, at) }).toEqual({
              by: 'SQL',
              reading,
              at,
              seen: expected,
            })
            for (const kind of ['FUND', 'SHARE_CLASS'] as const) {
              const listed = resources.filter((one) => one.kind === kind && byCedar(reading, one)).map(({ id }) => id)
              expect(replica.visible(reading, kind, at)).toEqual(listed.sort())
            }
          }
        },
      ),
      { seed, numRuns: histories, endOnFailure: process.env.RIGHTS_SHRINK === undefined },
    )
    console.log(
      `agreement of rights: ${round} histories, ${decisions} decisions by each, of which ${seen} open; drift 0`,
    )
    expect(seen).toBeGreaterThan(0)
  }, 1_800_000)

  it('disagree where one of them is wrong: a row too many is found', async () => {
    const reading: Reading = { tenant: 'planted', channel: 'GRAPHQL', fieldSet: 'NAV' }
    await world.admin.query(`insert into gold.row_grant values ('planted', 'planted', 'FUND', 'x:f1', '2000-01-01')`)
    const at = new Date(origin)
    expect(await seenInSql(reading, at)).not.toEqual(
      seenBy((...asked) => replica.mayRead(asked[0], asked[1], at), reading),
    )
  })

  it('are open to nobody who is not told completely: each setting that is missing opens nothing', async () => {
    const complete = { 'app.tenant': 'planted', 'app.channel': 'GRAPHQL', 'app.field_set': 'NAV' }
    const count = async (settings: Record<string, string>) => {
      await reader.query('begin')
      for (const [name, value] of Object.entries(settings))
        await reader.query('select set_config($1, $2, true)', [name, value])
      const { rowCount } = await reader.query('select from gold.fund union all select from gold.nav')
      await reader.query('commit')
      return rowCount
    }
    expect(await count(complete)).toBeGreaterThan(0)
    for (const missing of Object.keys(complete)) {
      const { [missing as keyof typeof complete]: _, ...rest } = complete
      expect([missing, await count(rest)]).toEqual([missing, 0])
    }
    await world.admin.query(`delete from gold.row_grant where grant_id = 'planted'`)
  })
})
