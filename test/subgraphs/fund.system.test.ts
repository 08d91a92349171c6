/** The fund subgraph over HTTP, with the Data API and PostgreSQL behind it and passports of a test's own gateway. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import { passportSealer } from '@fundmesh/platform/identity/passport'
import { exportJWK, generateKeyPair } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ingestFile } from '../../subgraphs/fund/src/ingest/ingest.ts'
import { createFundService } from '../../subgraphs/fund/src/service.ts'
import { type RunningSubgraph, startWarehouse, type TestWarehouse } from './warehouse.ts'

const sharePrices = fileURLToPath(
  new URL('../../subgraphs/fund/fixtures/data/tsp/share_prices.csv.gz', import.meta.url),
)
const firstLoad = '2024-01-01T00:00:00.000Z'
const restatement = '2024-02-01T00:00:00.000Z'
const beforeRestatement = '2024-01-31T23:59:59.999999Z'

/** Schemes enough for a page of a hundred. Their prices are made up; the ISIN is a real one. */
const schemes = Array.from({ length: 120 }, (_, index) => String(100_001 + index))
const isin = 'INF200K01QX4'

let warehouse: TestWarehouse
let fund: RunningSubgraph
let folder: string

async function ingest(source: string, files: Readonly<Record<string, readonly string[]>>, name: string, now: string) {
  for (const [file, lines] of Object.entries(files)) {
    await writeFile(join(folder, file), lines.map((line) => `${line}\n`).join(''))
  }
  return ingestFile({ databaseUrl: warehouse.adminUrl, source, path: join(folder, name), now: new Date(now) })
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fund-'))
  warehouse = await startWarehouse()
  await ingestFile({ databaseUrl: warehouse.adminUrl, source: 'tsp', path: sharePrices, now: new Date(firstLoad) })
  await ingest(
    'amfi',
    {
      'nav_daily.csv': [
        'scheme_code,nav_date,nav',
        ...schemes.flatMap((code) => [`${code},2023-12-28,10.5000`, `${code},2023-12-29,10.6000`]),
      ],
      'schemes.csv': [
        'scheme_code,scheme_name,fund_house,scheme_category,isin_growth',
        ...schemes.map((code, index) => `${code},Scheme ${code},House,Equity,${index === 0 ? isin : ''}`),
      ],
    },
    'nav_daily.csv',
    firstLoad,
  )
  await ingest('tsp', { 'corrected.csv': ['Date,C FUND', '12/5/2023,71.5'] }, 'corrected.csv', restatement)
  await warehouse.grant([
    ...['c-fund', 's-fund', 'g-fund'].map((code) => ({ tenant: 'alder', resource: { fund: `tsp:${code}` } })),
    ...schemes.map((code) => ({ tenant: 'alder', resource: { fund: `amfi:${code}` } })),
    { tenant: 'cedar', resource: { shareClass: 'tsp:s-fund' } },
    { tenant: 'cedar', resource: { shareClass: 'tsp:f-fund' }, to: '2020-01-01' },
    { tenant: 'cedar', resource: { shareClass: 'tsp:c-fund' }, from: '2199-01-01' },
    { tenant: 'fern', resource: { fund: 'tsp:g-fund' } },
  ])
  fund = await warehouse.start(createFundService)
})
afterAll(async () => {
  await warehouse?.close()
  await rm(folder, { recursive: true })
})

/** Which statements a question costs. */
async function costOf(ask: () => Promise<unknown>): Promise<Readonly<Record<string, number>>> {
  const before = warehouse.api.statements()
  await ask()
  const after = warehouse.api.statements()
  const cost = Object.entries(after.byName).map(([name, count]) => [name, count - (before.byName[name] ?? 0)] as const)
  expect(after.total - before.total).toBe(cost.reduce((sum, [, count]) => sum + count, 0))
  // What the service asks by itself, in the background, is not the question's cost.
  return Object.fromEntries(cost.filter(([name, count]) => count > 0 && !name.startsWith('structure.')))
}

const navOf = (id: string, args: string) =>
  `{ shareClass(id: "${id}") { nav${args} { navDate navPrice status version } } }`

describe('NAVs', () => {
  it('are those of the CSV, on each day that it prices', async () => {
    const csv = gunzipSync(await readFile(sharePrices)).toString()
    const [header = '', ...lines] = csv.trim().split('\n')
    const column = header.split(',').indexOf('S FUND')
    const expected = lines
      .map((line) => line.split(','))
      .map(([date = '', ...cells]) => {
        const [month = '', day = '', year = ''] = date.split('/')
        return [`${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`, Number(cells[column - 1])] as const
      })
      .filter(([day]) => day >= '2023-01-01')
      .sort(([a], [b]) => a.localeCompare(b))
    const { data } = await fund.ask(
      'alder',
      `{ shareClass(id: "tsp:s-fund") { navHistory(from: "2023-01-01", first: 1000) { nodes {
        navDate navPrice priceCurrency priceNature provenance { source line } } } } }`,
    )
    const nodes = data.shareClass.navHistory.nodes
    expect(expected.length).toBeGreaterThan(200)
    expect(nodes.map((node: { navDate: string; navPrice: string }) => [node.navDate, Number(node.navPrice)])).toEqual(
      expected,
    )
    expect(nodes.at(-1)).toMatchObject({
      priceCurrency: 'USD',
      priceNature: 'OFFICIAL',
      provenance: { source: 'tsp', line: 2 },
    })
  })

  it('of a day without one are the last before it, and null before the first', async () => {
    const sunday = await fund.ask('alder', navOf('tsp:s-fund', '(asOf: { validAt: "2023-12-03" })'))
    expect(sunday.data.shareClass.nav).toMatchObject({ navDate: '2023-12-01' })
    const { data } = await fund.ask('alder', navOf('tsp:s-fund', '(asOf: { validAt: "1990-01-01" })'))
    expect(data).toEqual({ shareClass: { nav: null } })
  })

  it('have canonical decimals', async () => {
    const { data } = await fund.ask('alder', navOf(`amfi:${schemes[0]}`, ''))
    expect(data.shareClass.nav.navPrice).toBe('10.6')
  })

  it.each(['0001-01-01', '9999-12-31'])('can be asked for the utmost day %s', async (day) => {
    const { data, errors } = await fund.ask(
      'alder',
      `{ shareClass(id: "tsp:s-fund") { nav(asOf: { validAt: "${day}", knownAt: "0001-01-01T00:00:00Z" }) { navDate }
        navHistory(from: "${day}", to: "${day}") { nodes { navDate } } } }`,
    )
    expect({ data, errors }).toEqual({ data: { shareClass: { nav: null, navHistory: { nodes: [] } } } })
  })
})

describe('a restated NAV', () => {
  const asOf = (knownAt: string) => `(asOf: { validAt: "2023-12-05", knownAt: "${knownAt}" })`

  it('reads as it was known at each instant', async () => {
    const at = async (knownAt: string) =>
      (await fund.ask('alder', navOf('tsp:c-fund', asOf(knownAt)))).data.shareClass.nav
    expect(await at(beforeRestatement)).toEqual({
      navDate: '2023-12-05',
      navPrice: '71.1348',
      status: 'PUBLISHED',
      version: 1,
    })
    expect(await at(restatement)).toEqual({
      navDate: '2023-12-05',
      navPrice: '71.5',
      status: 'RESTATED',
      version: 2,
    })
    // Nothing of the fund was known before the first load.
    expect(await at('2023-12-31T00:00:00Z')).toBeNull()
  })

  it("follows the passport's instant where the question names none", async () => {
    const asked = await fund.ask('alder', navOf('tsp:c-fund', ''), { knownAt: beforeRestatement })
    expect(asked.data.shareClass.nav.navPrice).toBe('71.1348')
    const recorded = await fund.ask('alder', '{ shareClass(id: "tsp:c-fund") { nav { recordedAt } } }')
    expect(recorded.data.shareClass.nav.recordedAt).toBe(restatement)
  })

  it('does not change the pages behind a first page that was read before it', async () => {
    const history = async (args: string, knownAt?: string) =>
      (
        await fund.ask(
          'alder',
          `{ shareClass(id: "tsp:c-fund") { navHistory(from: "2023-12-01", ${args}) {
            nodes { navDate navPrice } pageInfo { endCursor hasNextPage } } } }`,
          knownAt ? { knownAt } : {},
        )
      ).data.shareClass.navHistory
    const first = await history('first: 2', beforeRestatement)
    const after = `after: "${first.pageInfo.endCursor}"`
    expect((await history(after)).nodes).toEqual([{ navDate: '2023-12-05', navPrice: '71.1348' }])
    expect((await history('first: 3')).nodes[2]).toEqual({ navDate: '2023-12-05', navPrice: '71.5' })
  })

  it('is refused at an instant after the operation, naming both', async () => {
    const { data, errors } = await fund.ask('alder', navOf('tsp:c-fund', asOf('2024-02-02T00:00:00Z')), {
      knownAt: restatement,
    })
    expect(data).toEqual({ shareClass: { nav: null } })
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }])
    expect(errors?.[0]?.message).toContain(restatement)
    expect(errors?.[0]?.message).toContain('2024-02-02T00:00:00.000Z')
  })
})

describe('statements', () => {
  it('a hundred share classes cost one', async () => {
    const cost = await costOf(async () => {
      const { data } = await fund.ask('alder', '{ shareClasses(first: 100) { nodes { id name isin currency } } }')
      expect(data.shareClasses.nodes).toHaveLength(100)
    })
    expect(cost).toEqual({ 'shareClass.byId': 1 })
  })

  it('a hundred share classes with their NAVs cost two', async () => {
    const query = '{ shareClasses(first: 100) { nodes { id nav { navDate navPrice } } } }'
    const cost = await costOf(async () => {
      const { data } = await fund.ask('alder', query)
      expect(data.shareClasses.nodes).toHaveLength(100)
      expect(data.shareClasses.nodes[99].nav).toEqual({ navDate: '2023-12-29', navPrice: '10.6' })
    })
    expect(cost).toEqual({ 'shareClass.byId': 1, 'nav.latest': 1 })
  })

  it('a hundred funds with share classes, primary share class, NAV and history cost one for each kind', async () => {
    const cost = await costOf(async () => {
      const { data, errors } = await fund.ask(
        'alder',
        `{ funds(first: 100) { nodes { id
          shareClasses(first: 3) { nodes { id nav { navPrice } navHistory(first: 2) { nodes { navPrice } } fund { id } } }
          primaryShareClass { id } } } }`,
      )
      expect(errors).toBeUndefined()
      expect(data.funds.nodes[0]).toEqual({
        id: `amfi:${schemes[0]}`,
        shareClasses: {
          nodes: [
            {
              id: `amfi:${schemes[0]}`,
              nav: { navPrice: '10.6' },
              navHistory: { nodes: [{ navPrice: '10.5' }, { navPrice: '10.6' }] },
              fund: { id: `amfi:${schemes[0]}` },
            },
          ],
        },
        primaryShareClass: { id: `amfi:${schemes[0]}` },
      })
    })
    expect(cost).toEqual({
      'fund.byId': 1,
      'shareClass.ofFund': 1,
      'shareClass.primaryOfFund': 1,
      'nav.latest': 1,
      'nav.history': 1,
    })
  })

  it('a hundred references with their NAVs cost two', async () => {
    const of = schemes.slice(0, 100).map((code) => ({ __typename: 'ShareClass', id: `amfi:${code}` }))
    const query = 'query($of: [_Any!]!) { _entities(representations: $of) { ... on ShareClass { nav { navPrice } } } }'
    const cost = await costOf(() => fund.ask('alder', query, { variables: { of } }))
    expect(cost).toEqual({ 'shareClass.byId': 1, 'nav.latest': 1 })
  })
})

describe('walking', () => {
  it('through funds and share classes meets each once, in the order of the ids', async () => {
    for (const field of ['funds', 'shareClasses']) {
      const seen: string[] = []
      for (let after: string | null = null; ; ) {
        const { data }: Awaited<ReturnType<typeof fund.ask>> = await fund.ask(
          'alder',
          `query($after: Cursor) { page: ${field}(first: 50, after: $after) { nodes { id } pageInfo { hasNextPage endCursor } } }`,
          { variables: { after } },
        )
        seen.push(...data.page.nodes.map((node: { id: string }) => node.id))
        after = data.page.pageInfo.endCursor
        if (!data.page.pageInfo.hasNextPage) break
      }
      expect(seen).toEqual([...schemes.map((code) => `amfi:${code}`), 'tsp:c-fund', 'tsp:g-fund', 'tsp:s-fund'])
    }
  })
})

describe('tenants', () => {
  it('see what they were granted now, and nothing else', async () => {
    const listed = async (tenant: string) => {
      const { data } = await fund.ask(
        tenant,
        '{ funds(first: 1000) { nodes { id } } shareClasses(first: 1000) { nodes { id } } }',
      )
      return [data.funds.nodes, data.shareClasses.nodes].map((nodes) => nodes.map(({ id }: { id: string }) => id))
    }
    // The expired and the future grant give nothing.
    expect(await listed('cedar')).toEqual([['tsp:s-fund'], ['tsp:s-fund']])
    expect(await listed('house')).toEqual([[], []])
    expect((await listed('alder'))[0]).toHaveLength(schemes.length + 3)
  })

  it('get the same bytes for what they may not see as for what does not exist', async () => {
    const everything = (id: string) => ({
      query: `query($id: ID!, $ids: [ID!], $of: [_Any!]!) {
        fund(id: $id) { id shareClasses { nodes { id } } primaryShareClass { id } }
        shareClass(id: $id) { id nav { navPrice } navHistory { nodes { navPrice } } fund { id } }
        shareClasses(ids: $ids) { edges { cursor } nodes { id } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } }
        _entities(representations: $of) { ... on ShareClass { name nav { navPrice } } ... on Fund { legalFundName } } }`,
      variables: { id, ids: [id], of: ['ShareClass', 'Fund'].map((__typename) => ({ __typename, id })) },
    })
    const answer = async (id: string) => {
      const { query, variables } = everything(id)
      const { status, text } = await fund.ask('cedar', query, { variables })
      return { status, text }
    }
    const missing = await answer('tsp:x-fund')
    expect(missing.status).toBe(200)
    expect(missing.text).not.toContain('errors')
    for (const id of ['tsp:c-fund', 'tsp:f-fund', 'tsp:g-fund', `amfi:${schemes[0]}`, "'; drop table gold.nav --"]) {
      expect(await answer(id)).toEqual(missing)
    }
    expect((await answer('tsp:s-fund')).text).toContain('navPrice')
  })

  it('find a share class by an ISIN that they may see, and by no other', async () => {
    const query = `{ shareClassByIsin(isin: "${isin}") { id isin currency } }`
    expect((await fund.ask('alder', query)).data).toEqual({
      shareClassByIsin: { id: `amfi:${schemes[0]}`, isin, currency: 'INR' },
    })
    expect((await fund.ask('cedar', query)).data).toEqual({ shareClassByIsin: null })
    const of = [{ __typename: 'ShareClass', isin }]
    const entity = 'query($of: [_Any!]!) { _entities(representations: $of) { ... on ShareClass { id } } }'
    expect((await fund.ask('alder', entity, { variables: { of } })).data).toEqual({
      _entities: [{ id: `amfi:${schemes[0]}` }],
    })
    expect((await fund.ask('cedar', entity, { variables: { of } })).data).toEqual({ _entities: [null] })
  })

  it('cannot use a cursor of another tenant', async () => {
    const { data } = await fund.ask('alder', '{ funds(first: 1) { pageInfo { endCursor } } }')
    const stolen = await fund.ask('cedar', `{ funds(after: "${data.funds.pageInfo.endCursor}") { nodes { id } } }`)
    const madeUp = await fund.ask('cedar', '{ funds(after: "AAAA") { nodes { id } } }')
    expect(stolen.errors?.map(({ extensions }) => extensions.code)).toEqual(['BAD_USER_INPUT'])
    expect(stolen.text).toBe(madeUp.text)
  })

  it('lose sight with the grant, at a past knownAt too', async () => {
    const query = navOf('tsp:g-fund', '(asOf: { knownAt: "2024-01-15T00:00:00Z" })')
    expect((await fund.ask('fern', query)).data.shareClass.nav).toMatchObject({ version: 1 })
    await warehouse.revoke('fern')
    expect((await fund.ask('fern', query)).data).toEqual({ shareClass: null })
  })
})

describe('the door', () => {
  const query = '{ funds { nodes { id } } }'

  it('wants a genuine and current passport', async () => {
    const other = await generateKeyPair('EdDSA', { extractable: true })
    const forge = await passportSealer(await exportJWK(other.privateKey))
    const caller = {
      tenant: 'alder',
      subject: 'alder',
      client: 'test',
      scopes: new Set<string>(),
      expiresAt: new Date(Date.now() + 60_000),
    }
    const forged = await forge({ caller, channel: 'GRAPHQL', atLeastEpoch: 0, knownAt: restatement })
    for (const passport of [null, '', 'alder', forged]) {
      const answer = await fund.ask('alder', query, { passport })
      expect(answer.status).toBe(401)
      expect(answer.data).toBeUndefined()
    }
  })

  it('is ready while the warehouse answers, and says nothing of it when it fails', async () => {
    const own = await startWarehouse()
    try {
      await own.grant([{ tenant: 'alder', resource: { fund: 'tsp:c-fund' } }])
      const subgraph = await own.start(createFundService)
      expect((await fetch(`${subgraph.url}/ready`)).status).toBe(200)
      await own.api.close()
      const answer = await subgraph.ask('alder', query)
      expect(answer.errors).toMatchObject([
        { message: 'The service failed.', extensions: { code: 'INTERNAL_SERVER_ERROR' } },
      ])
      expect(answer.text).not.toMatch(/127\.0\.0\.1|ECONN|gold|warehouse/)
      expect((await fetch(`${subgraph.url}/ready`)).status).toBe(503)
      expect((await fetch(`${subgraph.url}/health`)).status).toBe(200)
    } finally {
      await own.close()
    }
  })
})
