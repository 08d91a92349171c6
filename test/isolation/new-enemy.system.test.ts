/**
 * The "new enemy": a right is revoked, then a secret is written, and the one who lost the right must never read it. Each
 * try is one share class. FUND grants make the batches: one revocation takes the right to all share classes of a fund,
 * a secret is then written for each of them, and each is read. Before it, each was read in vain for its secret and with
 * its old value, so that no try passes because nothing was visible at all.
 */
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type GraphQLAnswer, type TestMesh, testMesh } from '../mesh.ts'
import { openSlowBus, type SlowBus } from './slow-bus.ts'

const FUNDS = 20
const CLASSES = 50
const TENANT = 'dogwood'
const SUBGRAPHS = ['fund', 'performance', 'risk', 'marketplace']

const fundOf = (round: number) => `enemy:f${round}`
const classesOf = (round: number) => Array.from({ length: CLASSES }, (_, index) => `enemy:f${round}-${index}`)
const known = '11.25'
/** No other value of the whole graph holds these digits. */
const secret = '90909.125'
const day = '2024-01-15'

interface Receipt {
  readonly grant: { readonly id: string }
  readonly consistencyToken: string
  readonly confirmations: readonly { readonly target: string; readonly confirmedAt: string | null }[]
}
const receipt = '{ grant { id } consistencyToken confirmations { target confirmedAt } }'

describe('the new enemy', () => {
  let mesh: TestMesh
  let bus: SlowBus
  let admin: pg.Client
  beforeAll(async () => {
    bus = await openSlowBus()
    // The bus in PostgreSQL: what can be held up here is what a reader of either bus would not hear.
    mesh = await testMesh({ kafkaBrokers: undefined, through: bus.through })
    admin = new pg.Client(mesh.urls.database)
    await admin.connect()
    const rounds = Array.from({ length: FUNDS + 4 }, (_, round) => round)
    for (const round of rounds) {
      await admin.query(`insert into gold.fund values ($1, $1, 'House', 'Equity', 'US', 'USD', $2)`, [
        fundOf(round),
        day,
      ])
      await admin.query(
        `insert into gold.share_class select id, $2, null, id, 'USD', $3, id = $4 from unnest($1::text[]) id`,
        [classesOf(round), fundOf(round), day, classesOf(round)[0]],
      )
      await write(round, 1, known)
    }
  })
  afterAll(async () => {
    bus?.release()
    await admin?.end()
    await mesh?.close()
    await bus?.close()
  })

  /** Publishes a value of the day for every share class of the fund. */
  async function write(round: number, version: number, price: string): Promise<void> {
    const ids = classesOf(round)
    await admin.query(`update gold.nav set recorded_to = clock_timestamp() where share_class_id = any($1)`, [ids])
    await admin.query(
      `insert into gold.nav select id, $2, $3, $4, 'USD', 'test', 'file', repeat('0', 64), 1, clock_timestamp()
       from unnest($1::text[]) id`,
      [ids, day, version, price],
    )
  }

  async function change(mutation: string): Promise<Receipt> {
    const { data, errors } = await mesh.ask(
      'house',
      `mutation { change: ${mutation} ${receipt} }`,
      {},
      {
        scope: 'entitlement:admin',
      },
    )
    expect(errors).toBeUndefined()
    return data.change
  }
  const grant = (round: number) =>
    change(`grant(input: { tenantId: "${TENANT}", resourceKind: FUND, resourceId: "${fundOf(round)}" })`)
  const revoke = (id: string) => change(`revoke(grantId: "${id}", reason: "new enemy")`)

  /** Everything that the tenant can ask about the share classes of a round, by list and by name, over three subgraphs. */
  function read(round: number, token?: string): Promise<readonly GraphQLAnswer[]> {
    const ids = classesOf(round)
    const fields = 'id nav { navPrice } returns(periods: [YTD]) { endDate } risk { endDate }'
    const list = `{ shareClasses(ids: ${JSON.stringify(ids)}) { nodes { ${fields} } }
      funds { nodes { id } } fund(id: "${fundOf(round)}") { shareClasses { nodes { id nav { navPrice } } } } }`
    const named = `{ ${ids.map((id, index) => `a${index}: shareClass(id: "${id}") { id nav { navPrice } }`).join(' ')} }`
    const extensions = token === undefined ? {} : { consistency: token }
    return Promise.all([list, named].map((query) => mesh.ask(TENANT, query, {}, { extensions })))
  }
  const count = (answers: readonly GraphQLAnswer[], text: string) =>
    answers.reduce((sum, answer) => sum + answer.text.split(text).length - 1, 0)
  const codes = (answers: readonly GraphQLAnswer[]) =>
    new Set(answers.flatMap(({ errors = [] }) => errors.map(({ extensions }) => extensions.code)))

  /** A round up to the moment at which the tenant reads the old value of every share class. */
  async function befriend(round: number): Promise<string> {
    const given = await grant(round)
    await expect.poll(async () => count(await read(round, given.consistencyToken), known)).toBe(3 * CLASSES)
    return given.grant.id
  }

  it(`learns no secret in ${FUNDS * CLASSES} tries, with the token and after the confirmation`, {
    timeout: 900_000,
  }, async () => {
    let leaks = 0
    for (let round = 0; round < FUNDS; round++) {
      const id = await befriend(round)
      const revoked = await revoke(id)
      await write(round, 2, secret)
      const withToken = await read(round, revoked.consistencyToken)
      expect(revoked.confirmations.every(({ confirmedAt }) => confirmedAt !== null)).toBe(true)
      const afterwards = await read(round)
      const answers = [...withToken, ...afterwards]
      leaks += count(answers, secret)
      // Not the old value either, and nothing of the thing itself.
      expect([count(answers, known), count(answers, `"id":"${fundOf(round)}`)]).toEqual([0, 0])
      expect(codes(afterwards)).toEqual(new Set())
    }
    expect(leaks).toBe(0)
  })

  it('learns no secret while the bus is late for the gateway and the subgraphs', async () => {
    const round = FUNDS
    const id = await befriend(round)
    bus.hold(new Set(['gateway', ...SUBGRAPHS]))
    try {
      const revoked = await revoke(id)
      await write(round, 2, secret)
      const withToken = await read(round, revoked.consistencyToken)
      expect(codes(withToken)).toEqual(new Set(['CONSISTENCY_TIMEOUT']))
      expect(withToken.every(({ data }) => data === undefined || data === null)).toBe(true)
      // Who does not say what it must be answered by is told by the row policies, which have confirmed the change.
      expect(count([...withToken, ...(await read(round))], secret)).toBe(0)
      bus.release()
      const later = await read(round, revoked.consistencyToken)
      expect([codes(later), count(later, secret), count(later, known)]).toEqual([new Set(), 0, 0])
    } finally {
      bus.release()
    }
  })

  it('learns no secret while the bus is late for one subgraph alone', async () => {
    const round = FUNDS + 1
    const id = await befriend(round)
    bus.hold(new Set(['fund']))
    try {
      const revoked = await revoke(id)
      await write(round, 2, secret)
      const answers = await read(round, revoked.consistencyToken)
      expect(codes(answers)).toEqual(new Set(['CONSISTENCY_TIMEOUT']))
      expect([count(answers, secret), count(answers, known)]).toEqual([0, 0])
    } finally {
      bus.release()
    }
  })

  it('learns no secret while the row policies are late, and a new right waits for them', async () => {
    const round = FUNDS + 2
    const id = await befriend(round)
    const late = new pg.Client(mesh.urls.database)
    await late.connect()
    try {
      // Readers of the epochs go on; whoever would write them waits.
      await late.query('begin; lock table gold.row_grant_epoch in share mode')
      const revoked = await revoke(id)
      expect(revoked.confirmations).toMatchObject([{ target: 'WAREHOUSE', confirmedAt: null }, { target: 'EVENT_LOG' }])
      await write(round, 2, secret)
      const answers = [...(await read(round, revoked.consistencyToken)), ...(await read(round))]
      expect([count(answers, secret), count(answers, known)]).toEqual([0, 0])

      const given = await grant(round + 1)
      const waiting = await read(round + 1, given.consistencyToken)
      expect(codes(waiting)).toEqual(new Set(['CONSISTENCY_TIMEOUT']))
      await late.query('commit')
      await expect.poll(async () => count(await read(round + 1, given.consistencyToken), known)).toBe(3 * CLASSES)
    } finally {
      await late.end()
    }
  })
})
