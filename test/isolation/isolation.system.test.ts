import { readFileSync } from 'node:fs'
import type { GraphQLSchema } from 'graphql'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestMesh, testMesh } from '../mesh.ts'
import { sharePrices } from '../road/share-prices.ts'
import { type ArgumentSets, everyQuestion, queryFields, selectedFields } from './every-field.ts'

interface SeededTenant {
  readonly id: string
  readonly name: string
  readonly contracts: readonly {
    id: string
    lines: readonly {
      grantId: string
      resourceKind: string
      resourceId: string
      validFrom: string
      validTo?: string
    }[]
  }[]
  readonly portfolios: readonly { id: string; name: string; positions: readonly { shareClassId: string }[] }[]
}
const tenants: readonly SeededTenant[] = JSON.parse(
  readFileSync(new URL('../../subgraphs/entitlement/fixtures/tenants.json', import.meta.url), 'utf8'),
)
/** Every line of a contract is a grant. */
const grantsOf = ({ contracts }: SeededTenant) => contracts.flatMap(({ lines }) => lines)
const allFunds = [...sharePrices.keys()]

/** What the grants say, worked out here from the fixture alone. In this data a fund and its share class have one id. */
function oracle(tenant: SeededTenant) {
  const now = new Date().toISOString()
  const active = grantsOf(tenant).filter(({ validFrom, validTo }) => validFrom <= now && (!validTo || now < validTo))
  const visible = new Set(active.map(({ resourceId }) => resourceId))
  // Ids that stand in a tenant's own contracts and portfolios, whether it may see the thing behind them or not.
  const named = new Set([
    ...grantsOf(tenant).map(({ resourceId }) => resourceId),
    ...tenant.portfolios.flatMap(({ positions }) => positions.map(({ shareClassId }) => shareClassId)),
  ])
  const foreign = new Set([
    ...allFunds.filter((id) => !visible.has(id) && !named.has(id)),
    ...tenants
      .filter(({ id }) => id !== tenant.id)
      .flatMap((other) => [
        other.id,
        other.name,
        ...other.contracts.map(({ id }) => id),
        ...grantsOf(other).map(({ grantId }) => grantId),
        ...other.portfolios.flatMap(({ id, name }) => [id, name]),
      ]),
  ])
  return { visible, foreign }
}

const literal = (values: readonly string[], argument: string) =>
  values.map((value) => `(${argument}: ${JSON.stringify(value)})`)

/** What to ask for as a tenant: first something of its own and something foreign, then all the rest. */
function argumentSetsOf(tenant: SeededTenant): ArgumentSets {
  const { visible } = oracle(tenant)
  const mineFirst = (ids: readonly string[], isMine: (id: string) => boolean) => {
    const [mine, others] = [ids.filter(isMine), ids.filter((id) => !isMine(id))]
    return [...mine.slice(0, 1), ...others, ...mine.slice(1)]
  }
  const funds = mineFirst([...allFunds, 'tsp:none'], (id) => visible.has(id))
  const portfolios = tenants.flatMap(({ portfolios }) => portfolios.map(({ id }) => id))
  return {
    'Query.fund': literal(funds, 'id'),
    'Query.shareClass': literal(funds, 'id'),
    'Query.shareClassByIsin': ['(isin: "US0378331005")'],
    'Query.tenant': literal(
      mineFirst([...tenants.map(({ id }) => id), 'nobody'], (id) => id === tenant.id),
      'id',
    ),
    'Query.portfolio': literal(
      mineFirst([...portfolios, 'none'], (id) => tenant.portfolios.some((mine) => mine.id === id)),
      'id',
    ),
    'Query.dataProduct': literal(['tsp-daily-nav', 'none'], 'slug'),
    // Short spans: what is looked for is whose values they are.
    'ShareClass.returns': ['(periods: [YTD, SINCE_INCEPTION], asOf: { validAt: "2005-12-30" })'],
    'ShareClass.risk': ['(input: { from: "2023-06-01" })'],
    'ShareClass.navHistory': ['(first: 2)'],
    // What it may hold counts towards its cost, whatever it holds.
    'Query.dataProducts': ['(first: 20)'],
    'ShareClass.calendarYearReturns': ['(from: 2022, to: 2022)'],
  }
}

/** Every string in an answer, with the entities (objects that have a type and an id) among its objects. */
function* walk(value: unknown): Generator<{ text: string } | { type: string; id: string }> {
  if (typeof value === 'string') yield { text: value }
  else if (Array.isArray(value)) for (const item of value) yield* walk(item)
  else if (value && typeof value === 'object') {
    const { __typename: type, id } = value as { __typename?: string; id?: string }
    if (type && id) yield { type, id }
    for (const item of Object.values(value)) yield* walk(item)
  }
}

/** Codes of what may be there when it is asked again. */
const failures: ReadonlySet<string> = new Set(['INTERNAL_SERVER_ERROR', 'SUBGRAPH_TIMEOUT', 'SERVICE_UNAVAILABLE'])

describe('isolation', () => {
  let mesh: TestMesh
  let schema: GraphQLSchema
  beforeAll(async () => {
    mesh = await testMesh()
    schema = await mesh.schemaOf(tenants[0]!.id)
  })
  afterAll(() => mesh?.close())

  /** Asks everything as each tenant; names each answer that holds what the grants do not open. */
  async function violations(asking: readonly SeededTenant[]): Promise<string[]> {
    const found: string[] = []
    for (const tenant of asking) {
      const { visible, foreign } = oracle(tenant)
      for (const { name, text } of everyQuestion(schema, argumentSetsOf(tenant))) {
        let { data, errors } = await mesh.ask(tenant.id, text)
        // The widest questions take a warehouse that is busy with others longer than a service waits for it.
        for (let turn = 0; turn < 5 && errors?.some(({ extensions }) => failures.has(extensions.code)); turn++)
          ({ data, errors } = await mesh.ask(tenant.id, text))
        // Who holds nothing may not ask for numbers at all, whoever's.
        const refused = visible.size === 0 ? ['UNAUTHORIZED_FIELD_OR_TYPE'] : []
        const unexpected = errors?.filter(({ extensions }) => !refused.includes(extensions.code)) ?? []
        if (unexpected.length > 0) found.push(`${tenant.id} ${name}: ${JSON.stringify(unexpected)}`)
        for (const piece of walk(data)) {
          if ('text' in piece) {
            if (foreign.has(piece.text)) found.push(`${tenant.id} ${name} reads ${piece.text}`)
          } else if ((piece.type === 'Fund' || piece.type === 'ShareClass') && !visible.has(piece.id)) {
            found.push(`${tenant.id} ${name} reaches ${piece.type} ${piece.id}`)
          }
        }
      }
    }
    return found
  }

  it('asks every field that a query can reach', () => {
    for (const tenant of tenants) {
      const selected = selectedFields(schema, everyQuestion(schema, argumentSetsOf(tenant)))
      expect([...queryFields(schema)].filter((field) => !selected.has(field))).toEqual([])
    }
  })

  it('finds nothing foreign in any field, for any tenant', async () => {
    expect(await violations(tenants)).toEqual([])
  })

  it('shows each tenant all that it was granted', async () => {
    for (const tenant of tenants) {
      const { visible } = oracle(tenant)
      const { data } = await mesh.ask(tenant.id, '{ funds { nodes { id } } shareClasses { nodes { id } } }')
      for (const page of [data.funds, data.shareClasses]) {
        expect(page.nodes.map(({ id }: { id: string }) => id)).toEqual([...visible].sort())
      }
    }
  })

  it('answers for what is another tenant’s byte for byte as for what does not exist', async () => {
    const knownAt = new Date().toISOString()
    const pairs = [
      ['fund', 'tsp:g-fund', 'tsp:none'],
      ['shareClass', 'tsp:g-fund', 'tsp:none'],
      ['portfolio', 'alder-growth', 'none'],
      ['tenant', 'alder', 'nobody'],
    ]
    for (const [field, foreign, missing] of pairs) {
      const ask = (id: string | undefined) =>
        mesh.ask('cedar', `query ($id: ID!) { ${field}(id: $id) { id } }`, { id }, { extensions: { knownAt } })
      const [one, other] = [await ask(foreign), await ask(missing)]
      // What is left of the budget: a new window may begin between the two.
      const withoutLevel = ({ text }: typeof one) => text.replace(/"remaining":\d+/, '')
      expect(withoutLevel(one)).toBe(withoutLevel(other))
      expect(one.data[field!]).toBeNull()
    }
  })

  it('calls a cursor of another tenant invalid, like any forged one', async () => {
    const query = 'query ($after: Cursor) { funds(first: 1, after: $after) { nodes { id } pageInfo { endCursor } } }'
    const foreign = (await mesh.ask('alder', query)).data.funds.pageInfo.endCursor
    const [stolen, forged] = [
      await mesh.ask('birch', query, { after: foreign }),
      await mesh.ask('birch', query, { after: 'AAAA' }),
    ]
    expect(stolen.errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT')
    expect(stolen.errors).toEqual(forged.errors)
  })

  const dogwood = tenants.filter(({ id }) => id === 'dogwood')

  it('holds with one wall broken: a row policy that lets everything through', async () => {
    const admin = new pg.Client(mesh.urls.database)
    await admin.connect()
    try {
      await admin.query('create policy planted on gold.share_class for select to warehouse_reader using (true)')
      await admin.query('create policy planted on gold.nav for select to warehouse_reader using (true)')
      expect(await violations(dogwood)).toEqual([])
    } finally {
      await admin.query('drop policy if exists planted on gold.share_class; drop policy if exists planted on gold.nav')
      await admin.end()
    }
  })

  it('catches a planted leak: a grant of which the fixture knows nothing', async () => {
    const asHouse = (mutation: string, variables: object = {}) =>
      mesh.ask('house', mutation, variables, { scope: 'entitlement:admin' })
    const given = await asHouse(
      'mutation { grant(input: { tenantId: "dogwood", resourceKind: SHARE_CLASS, resourceId: "tsp:i-fund" }) { grant { id } } }',
    )
    expect(await violations(dogwood)).toContainEqual(
      expect.stringMatching(/^dogwood shareClass\(id: "tsp:i-fund"\) reaches ShareClass tsp:i-fund$/),
    )
    const { id } = given.data.grant.grant
    await asHouse('mutation ($id: ID!) { revoke(grantId: $id, reason: "test") { epoch } }', { id })
  })
})
