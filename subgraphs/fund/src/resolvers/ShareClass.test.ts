import type { Answers } from '@fundmesh/platform/testing/fake-warehouse'
import { describe, expect, it } from 'vitest'
import { ask } from '../testing/ask.ts'
import { fundRow, navRow, shareClassRow } from '../testing/rows.ts'

const codes = Array.from({ length: 100 }, (_, index) => `fund-${String(index).padStart(3, '0')}`)
const ids = (parameters: Readonly<Record<string, string>>, stem: string) =>
  Object.entries(parameters).flatMap(([name, value]) => (new RegExp(`^${stem}\\d+$`).test(name) ? [value] : []))

const hundred: Answers = {
  'shareClass.byId': (parameters) => ids(parameters, 'id').map((id) => shareClassRow(id.slice('tsp:'.length))),
  'fund.byId': (parameters) => ids(parameters, 'id').map((id) => fundRow(id.slice('tsp:'.length))),
  'nav.latest': (parameters) => ids(parameters, 'id').map((id) => navRow(id, '2024-01-15')),
  'nav.history': (parameters) =>
    ids(parameters, 'id').flatMap((id) => ['2024-01-12', '2024-01-15'].map((day) => navRow(id, day))),
}

/** May see all of them. */
const sight = { all: () => codes.map((code) => `tsp:${code}`) }

describe('statements', () => {
  it('a hundred share classes with their NAVs cost two', async () => {
    const { result, statements } = await ask(
      hundred,
      '{ shareClasses(first: 100) { nodes { id nav { navPrice } } } }',
      {
        sight,
      },
    )
    expect(statements).toEqual(['shareClass.byId', 'nav.latest'])
    expect(result.data.shareClasses.nodes).toHaveLength(100)
    expect(result.data.shareClasses.nodes[99]).toEqual({ id: 'tsp:fund-099', nav: { navPrice: '26.662' } })
  })

  it('a hundred references with fund, NAV and history cost one each', async () => {
    const { result, statements } = await ask(
      hundred,
      `query($of: [_Any!]!) { _entities(representations: $of) { ... on ShareClass {
        id fund { id } nav { navDate } navHistory(first: 5) { nodes { navDate } } } } }`,
      { variables: { of: codes.map((code) => ({ __typename: 'ShareClass', id: `tsp:${code}` })) } },
    )
    expect(result.errors).toBeUndefined()
    expect([...statements].sort()).toEqual(['fund.byId', 'nav.history', 'nav.latest', 'shareClass.byId'])
  })

  it('a field asked under two instants costs one for each', async () => {
    const { statements } = await ask(
      hundred,
      `{ shareClasses { nodes {
        now: nav { navPrice } same: nav(asOf: { validAt: "2024-01-16" }) { navPrice }
        then: nav(asOf: { knownAt: "2024-01-01T00:00:00Z" }) { navPrice } } } }`,
      { sight },
    )
    expect(statements).toEqual(['shareClass.byId', 'nav.latest', 'nav.latest'])
  })

  it('a share class that was listed is not asked for again', async () => {
    const { statements } = await ask(hundred, '{ shareClasses { nodes { fund { id } } } }', { sight })
    expect(statements).toEqual(['shareClass.byId', 'fund.byId'])
  })
})

const one: Answers = {
  'shareClass.byId': (parameters) => (parameters.id0 === 'tsp:c-fund' ? [shareClassRow('c-fund')] : []),
  'shareClass.byIsin': ({ isin0 }) => (isin0 === 'INF200K01QX4' ? [shareClassRow('c-fund', isin0)] : []),
}

describe('what may not be seen', () => {
  const ours = { sees: (_: string, id: string) => id === 'tsp:c-fund', lastDate: () => '2024-01-15' }
  const query = `query($of: [_Any!]!) {
    shareClass(id: "tsp:theirs") { id } fund(id: "tsp:theirs") { id }
    shareClasses(ids: ["tsp:theirs"]) { nodes { id } }
    shareClassByIsin(isin: "US0378331005") { id }
    _entities(representations: $of) { ... on ShareClass { id } ... on Fund { id } } }`
  const of = ['ShareClass', 'Fund'].map((__typename) => ({ __typename, id: 'tsp:theirs' }))

  it('is not asked for, and its rows are not believed', async () => {
    const { result, statements } = await ask(
      { 'shareClass.byIsin': () => [{ ...shareClassRow('theirs'), isin: 'US0378331005' }] },
      query,
      { variables: { of }, sight: { ...ours, all: () => [] } },
    )
    expect(result).toEqual({
      data: {
        shareClass: null,
        fund: null,
        shareClasses: { nodes: [] },
        shareClassByIsin: null,
        _entities: [null, null],
      },
    })
    expect(statements).toEqual(['shareClass.byIsin'])
  })

  it('are values behind the embargo, whatever the warehouse says', async () => {
    const days = ['2024-01-12', '2024-01-15', '2024-01-16']
    const { result } = await ask(
      {
        'shareClass.byId': () => [shareClassRow('c-fund')],
        'nav.history': () => days.map((day) => navRow('tsp:c-fund', day)),
        'nav.latest': () => [navRow('tsp:c-fund', '2024-01-16')],
      },
      '{ shareClass(id: "tsp:c-fund") { nav { navDate } navHistory { nodes { navDate } } } }',
      { sight: ours },
    )
    expect(result.data.shareClass).toEqual({
      nav: null,
      navHistory: { nodes: [{ navDate: '2024-01-12' }, { navDate: '2024-01-15' }] },
    })
  })
})

describe('a share class', () => {
  it('is found by its ISIN, and is null by one that is not there', async () => {
    const { result } = await ask(
      one,
      '{ found: shareClassByIsin(isin: "INF200K01QX4") { id isin } none: shareClassByIsin(isin: "US0378331005") { id } }',
    )
    expect(result).toEqual({ data: { found: { id: 'tsp:c-fund', isin: 'INF200K01QX4' }, none: null } })
  })

  it('is referred to by either key', async () => {
    const { result, statements } = await ask(
      one,
      'query($of: [_Any!]!) { _entities(representations: $of) { ... on ShareClass { name } } }',
      {
        variables: {
          of: [{ id: 'tsp:c-fund' }, { isin: 'INF200K01QX4' }, { id: 'tsp:none' }, { isin: null }].map((key) => ({
            __typename: 'ShareClass',
            ...key,
          })),
        },
      },
    )
    expect(result).toEqual({ data: { _entities: [{ name: 'Fund c-fund' }, { name: 'Fund c-fund' }, null, null] } })
    expect(statements).toHaveLength(2)
  })

  it.each(['', 'tsp:\\u0000', '☃'])('is null by the id "%s", without an error', async (id) => {
    expect((await ask(one, `{ shareClass(id: "${id}") { id } }`)).result).toEqual({ data: { shareClass: null } })
  })
})

describe('nav', () => {
  const nav = async (row: ReturnType<typeof navRow> | undefined, args = '') =>
    ask(
      { ...one, 'nav.latest': () => (row ? [row] : []) },
      `{ shareClass(id: "tsp:c-fund") { nav${args} {
        navDate navPrice priceCurrency priceNature status version recordedAt
        provenance { source fileName fileSha256 line } } } }`,
    )

  it('is served canonical, with where it came from', async () => {
    expect((await nav(navRow('tsp:c-fund', '2024-01-15'))).result).toEqual({
      data: {
        shareClass: {
          nav: {
            navDate: '2024-01-15',
            navPrice: '26.662',
            priceCurrency: 'USD',
            priceNature: 'OFFICIAL',
            status: 'PUBLISHED',
            version: 1,
            recordedAt: '2024-01-16T01:02:03.456Z',
            provenance: { source: 'tsp', fileName: 'fund-price-history.csv', fileSha256: 'a'.repeat(64), line: 42 },
          },
        },
      },
    })
  })

  it('is RESTATED from its second version on', async () => {
    const { result } = await nav(navRow('tsp:c-fund', '2024-01-15', { version: 2 }))
    expect(result.data.shareClass.nav).toMatchObject({ status: 'RESTATED', version: 2 })
  })

  it('is null where there was none yet', async () => {
    expect((await nav(undefined)).result).toEqual({ data: { shareClass: { nav: null } } })
  })

  it("asks for the operation's own instant and its day unless told otherwise", async () => {
    expect((await nav(undefined)).parameters[1]).toEqual({
      id0: 'tsp:c-fund',
      valid_at: '2024-01-16',
      known_at: '2024-01-16T18:00:00.000Z',
    })
    const told = '(asOf: { validAt: "2020-02-29", knownAt: "2021-01-01T01:00:00+01:00" })'
    expect((await nav(undefined, told)).parameters[1]).toMatchObject({
      valid_at: '2020-02-29',
      known_at: '2021-01-01T00:00:00.000Z',
    })
  })

  it('of an instant after the operation is refused, since it could not be asked again', async () => {
    const { result, statements } = await nav(undefined, '(asOf: { knownAt: "2024-01-16T18:00:00.001Z" })')
    expect(result.errors).toEqual([
      expect.objectContaining({
        message:
          "asOf.knownAt: expected an instant not after this operation's own, 2024-01-16T18:00:00.000Z; got 2024-01-16T18:00:00.001Z",
        path: ['shareClass', 'nav'],
        extensions: { code: 'BAD_USER_INPUT' },
      }),
    ])
    expect(statements).not.toContain('nav.latest')
  })
})

describe('navHistory', () => {
  const days = ['2024-01-10', '2024-01-11', '2024-01-12', '2024-01-15', '2024-01-16']
  const history: Answers = {
    ...one,
    'nav.history': ({ from_day = '', to_day = '9999', after_day = '' }) =>
      days.filter((day) => day >= from_day && day <= to_day && day > after_day).map((day) => navRow('tsp:c-fund', day)),
  }
  const page = async (args: string, question: Parameters<typeof ask>[2] = {}) => {
    const { result, parameters } = await ask(
      history,
      `{ shareClass(id: "tsp:c-fund") { navHistory(${args}) { nodes { navDate } pageInfo { hasNextPage endCursor } } } }`,
      question,
    )
    const connection = result.data?.shareClass?.navHistory
    return {
      days: connection?.nodes.map((node: { navDate: string }) => node.navDate),
      pageInfo: connection?.pageInfo,
      errors: result.errors,
      parameters: parameters[1],
    }
  }

  it('goes on behind the cursor, and shows what the first page knew', async () => {
    const first = await page('first: 2')
    expect(first.days).toEqual(['2024-01-10', '2024-01-11'])
    const second = await page(`first: 2, after: "${first.pageInfo.endCursor}"`, { knownAt: '2024-02-01T00:00:00.000Z' })
    expect(second.days).toEqual(['2024-01-12', '2024-01-15'])
    expect(second.parameters).toMatchObject({ after_day: '2024-01-11', known_at: '2024-01-16T18:00:00.000Z' })
    const third = await page(`first: 2, after: "${second.pageInfo.endCursor}"`)
    expect(third).toMatchObject({ days: ['2024-01-16'], pageInfo: { hasNextPage: false } })
  })

  it('takes a cursor for the same question of the same tenant only', async () => {
    const { pageInfo } = await page('first: 2')
    const after = `after: "${pageInfo.endCursor}"`
    const refused = [expect.objectContaining({ extensions: { code: 'BAD_USER_INPUT' } })]
    expect((await page(after, { tenant: 'birch' })).errors).toEqual(refused)
    expect((await page(`${after}, from: "2024-01-01"`)).errors).toEqual(refused)
    expect((await page(`${after}, asOf: { validAt: "2024-01-15" }`)).errors).toEqual(refused)
    expect((await page(`${after}, asOf: { knownAt: "2024-01-15T00:00:00Z" }`)).errors).toEqual(refused)
    expect((await page(`${after}, first: 1`)).days).toEqual(['2024-01-12'])
  })

  it('is bounded by from, to and the day that the answer is about', async () => {
    expect((await page('from: "2024-01-11", to: "2024-01-12"')).days).toEqual(['2024-01-11', '2024-01-12'])
    expect((await page('from: "2024-01-12", to: "2024-01-12"')).days).toEqual(['2024-01-12'])
    expect((await page('asOf: { validAt: "2024-01-11" }')).days).toEqual(['2024-01-10', '2024-01-11'])
    expect((await page('to: "2024-01-10", asOf: { validAt: "2024-01-11" }')).days).toEqual(['2024-01-10'])
  })

  it('refuses days in the wrong order, naming both', async () => {
    expect((await page('from: "2024-01-12", to: "2024-01-11"')).errors).toEqual([
      expect.objectContaining({
        message: 'navHistory: expected from <= to; got from 2024-01-12 and to 2024-01-11',
        extensions: { code: 'BAD_USER_INPUT' },
      }),
    ])
  })

  it.each([0, -1, 1_001])('refuses first: %i', async (first) => {
    expect((await page(`first: ${first}`)).errors?.[0]?.message).toBe(`first: expected 1 to 1000; got ${first}`)
  })
})
