import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createPerformanceService } from '../../subgraphs/performance/src/service.ts'
import { type SubgraphUnderTest, shareClasses, subgraphUnderTest } from './subgraph-under-test.ts'

let test: SubgraphUnderTest

beforeAll(async () => {
  test = await subgraphUnderTest(createPerformanceService)
  await test.warehouse.admin.query(`
    insert into gold.row_grant select 'all-' || fund_id, 'alder', 'FUND', fund_id, '2000-01-01' from gold.fund;
    insert into gold.row_grant values ('c-only', 'cedar', 'SHARE_CLASS', 'tsp:c-fund', '2000-01-01');
    insert into gold.fund select 'x:' || n, 'Fund ' || n, 'House', 'Equity', 'DE', 'EUR', '2024-01-31' from generate_series(1, 100) n;
    insert into gold.share_class select 'x:' || n, 'x:' || n, null, 'Class ' || n, 'EUR', '2024-01-31', true from generate_series(1, 100) n;
    insert into gold.nav select 'x:' || n, '2024-01-31'::date + d, 1, 100 + d, 'EUR', 'test', 'file', repeat('0', 64), d + 1, '2024-03-01'
      from generate_series(1, 100) n, generate_series(0, 10) d;
    insert into gold.row_grant select 'many-' || n, 'many', 'FUND', 'x:' || n, '2000-01-01' from generate_series(1, 100) n`)
  await test.publishRights()
})
afterAll(() => test?.close())

const onShareClass = (fields: string) => `... on ShareClass { id ${fields} }`

async function returnsOf(id: string, fieldArguments: string, fields = 'cumulative reasonIncomplete') {
  const answer = await test.entities(
    'alder',
    shareClasses(id),
    onShareClass(`returns(${fieldArguments}) { ${fields} }`),
  )
  expect(answer.errors).toBeUndefined()
  return answer.data._entities[0].returns
}

async function refusal(fields: string) {
  const { errors } = await test.entities('alder', shareClasses('tsp:c-fund'), onShareClass(fields))
  return [errors![0]!.extensions.code, errors![0]!.message]
}

describe('a caller', () => {
  it('without a passport is refused', async () => {
    const response = await fetch(`${test.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"query":"{ __typename }"}',
    })
    expect(response.status).toBe(401)
  })

  it('sees a share class of another tenant as one that does not exist', async () => {
    const fields = onShareClass('returns(periods: [Y1]) { cumulative }')
    const answer = await test.entities('cedar', shareClasses('tsp:g-fund', 'tsp:no-fund', 'tsp:c-fund', ''), fields)
    expect(answer.errors).toBeUndefined()
    expect(answer.data._entities).toEqual([
      null,
      null,
      { id: 'tsp:c-fund', returns: [{ cumulative: expect.any(String) }] },
      null,
    ])
  })
})

// Expected values: computed from the CSV with Python's decimal module.
describe('the returns of the C Fund up to the newest NAV', () => {
  it('are those of the CSV, for every period', async () => {
    const periods = 'MTD QTD YTD Y1 Y3 Y5 Y10 SINCE_INCEPTION'
    const rows = await returnsOf(
      'tsp:c-fund',
      `periods: [${periods}]`,
      'period startDate endDate cumulative annualized observations complete currency method',
    )
    const expected: [string, number, number | null, number][] = [
      ['2023-11-30', -8.434619050430587e-6, null, 3],
      ['2023-09-29', 0.06825048806127046, null, 45],
      ['2022-12-30', 0.20763339858040925, null, 232],
      ['2022-12-05', 0.16071932655735244, 0.16071932655735244, 250],
      ['2020-12-04', 0.29300031082262573, 0.08943053350508334, 747],
      ['2018-12-04', 0.8399104032114137, 0.12969013161082654, 1247],
      ['2013-12-05', 2.089405612931806, 0.11940564619851624, 2497],
      ['2003-06-02', 6.092203389830509, 0.10022832859858699, 5119],
    ]
    expect(rows.map(({ period }: { period: string }) => period)).toEqual(periods.split(' '))
    for (const [index, [startDate, cumulative, annualized, observations]] of expected.entries()) {
      const row = rows[index]
      const rest = {
        startDate,
        endDate: '2023-12-05',
        observations,
        complete: true,
        currency: 'USD',
        method: 'TWR_DAILY',
      }
      expect(row).toMatchObject(rest)
      expect(Number(row.cumulative)).toBeCloseTo(cumulative, 14)
      if (annualized === null) expect(row.annualized).toBeNull()
      else expect(Number(row.annualized)).toBeCloseTo(annualized, 14)
    }
  })

  it('are converted at the reference rates of each NAV’s day, crossing through the euro', async () => {
    const inEuro = await returnsOf('tsp:c-fund', 'periods: [MTD, YTD, Y10], currency: "EUR"', 'cumulative currency')
    expect(inEuro.map(({ currency }: { currency: string }) => currency)).toEqual(['EUR', 'EUR', 'EUR'])
    const inRupees = await returnsOf('tsp:c-fund', 'periods: [MTD, YTD, Y10], currency: "INR"')
    const numbers = [...inEuro, ...inRupees].map(({ cumulative }) => Number(cumulative))
    const expected = [
      0.010530442930494568, 0.1907754302725936, 2.8825348897286647, 0.00026258065130181933, 0.2180223644184574,
      3.1752816777236474,
    ]
    for (const [index, number] of numbers.entries()) expect(number).toBeCloseTo(expected[index]!, 14)
  })

  it('name their conventions and the knowledge they show', async () => {
    const [inEuro, own] = [
      ...(await returnsOf('tsp:c-fund', 'periods: [Y3], currency: "EUR"', 'conventions { name value } knownAt')),
      ...(await returnsOf('tsp:c-fund', 'periods: [Y3]', 'conventions { name value } knownAt')),
    ]
    const names = ({ conventions }: { conventions: { name: string }[] }) => conventions.map(({ name }) => name)
    expect(names(own)).toEqual(['return', 'base', 'end', 'annualization', 'arithmetic'])
    expect(names(inEuro)).toEqual([...names(own), 'currencyConversion'])
    expect(own.knownAt).toMatch(/^\d{4}-\d\d-\d\dT.*Z$/)
  })
})

describe('an incomplete period', () => {
  it('has no numbers, and its reason', async () => {
    expect(await returnsOf('tsp:l-2025', 'periods: [Y3, Y5]')).toEqual([
      { cumulative: expect.any(String), reasonIncomplete: null },
      { cumulative: null, reasonIncomplete: 'the first NAV is of 2020-07-01, after 2018-12-05' },
    ])
    expect(await returnsOf('tsp:c-fund', 'periods: [YTD, CALENDAR_YEAR]')).toEqual([
      { cumulative: expect.any(String), reasonIncomplete: null },
      { cumulative: null, reasonIncomplete: 'the year 2023 is not over: the last NAV is of 2023-12-05' },
    ])
    expect(await returnsOf('tsp:c-fund', 'periods: [YTD], endDate: "2024-06-30"')).toEqual([
      {
        cumulative: null,
        reasonIncomplete: 'the last NAV on or before 2023-12-31 is of 2023-12-05, more than 10 days earlier',
      },
    ])
    expect(await returnsOf('tsp:c-fund', 'periods: [YTD], currency: "PLN"')).toEqual([
      { cumulative: null, reasonIncomplete: 'no ECB reference rate of PLN in the 10 days up to 2022-12-30' },
    ])
  })
})

describe('calendar years', () => {
  it('round to the returns that are printed', async () => {
    const file = new URL('../../subgraphs/performance/fixtures/tsp-printed-annual-returns.csv', import.meta.url)
    const printed = readFileSync(file, 'utf8')
      .trimEnd()
      .split('\n')
      .slice(1)
      .map((line) => line.split(','))
    const ids = [...new Set(printed.map(([, id]) => id!))]
    const fields = onShareClass('calendarYearReturns { endDate cumulative }')
    const answer = await test.entities('alder', shareClasses(...ids), fields)
    const computed = new Map<string, string>()
    for (const { id, calendarYearReturns } of answer.data._entities) {
      for (const { endDate, cumulative } of calendarYearReturns) {
        if (cumulative) computed.set(`${endDate.slice(0, 4)} ${id}`, (Number(cumulative) * 100).toFixed(2))
      }
    }
    expect(printed.map(([year, id]) => [year, id, computed.get(`${year} ${id}`)])).toEqual(
      printed.map(([year, id, percent]) => [year, id, percent]),
    )
  })

  it('go from the first to the last year of the history, the first and the unfinished last without numbers', async () => {
    const fields = onShareClass('calendarYearReturns { endDate complete }')
    const answer = await test.entities('alder', shareClasses('tsp:l-2050'), fields)
    const years: { endDate: string; complete: boolean }[] = answer.data._entities[0].calendarYearReturns
    expect(years.map(({ endDate }) => endDate.slice(0, 4))).toEqual(
      Array.from({ length: 13 }, (_, n) => String(2011 + n)),
    )
    expect(years.map(({ complete }) => complete)).toEqual([false, ...Array(11).fill(true), false])
  })

  it('are those asked for, also outside the history', async () => {
    const fields = onShareClass('calendarYearReturns(from: 2002, to: 2004) { complete reasonIncomplete }')
    const answer = await test.entities('alder', shareClasses('tsp:c-fund'), fields)
    expect(answer.data._entities[0].calendarYearReturns).toEqual([
      { complete: false, reasonIncomplete: 'the first NAV is of 2003-06-02, after 2001-12-31' },
      { complete: false, reasonIncomplete: 'the first NAV is of 2003-06-02, after 2002-12-31' },
      { complete: true, reasonIncomplete: null },
    ])
  })
})

describe('the two axes of time', () => {
  it('a past valid date sees no later NAV', async () => {
    const dated = await returnsOf('tsp:c-fund', 'periods: [Y1], asOf: { validAt: "2019-12-31" }', 'endDate cumulative')
    expect(dated[0].endDate).toBe('2019-12-31')
    expect((Number(dated[0].cumulative) * 100).toFixed(2)).toBe('31.45')
  })

  it('a restated NAV is seen from its own instant on, and the answer before it stays as it was', async () => {
    const question = onShareClass('returns(periods: [MTD]) { cumulative knownAt }')
    const at = async (knownAt: string) =>
      (await test.entities('many', shareClasses('x:1'), question, knownAt)).data._entities[0].returns[0]
    const before = await at('2024-03-15T00:00:00.000Z')
    await test.warehouse.admin.query(`
      update gold.nav set recorded_to = '2024-04-01' where share_class_id = 'x:1' and nav_date = '2024-02-10';
      insert into gold.nav values ('x:1', '2024-02-10', 2, 120, 'EUR', 'test', 'file', repeat('0', 64), 1, '2024-04-01')`)
    expect(before).toEqual({ cumulative: '0.1', knownAt: '2024-03-15T00:00:00.000Z' })
    expect(await at('2024-03-15T00:00:00.000Z')).toEqual(before)
    expect(await at('2024-04-01T00:00:00.000Z')).toEqual({ cumulative: '0.2', knownAt: '2024-04-01T00:00:00.000Z' })
    const past = onShareClass(
      'returns(periods: [MTD], asOf: { knownAt: "2024-03-15T00:00:00.000Z" }) { cumulative knownAt }',
    )
    expect((await test.entities('many', shareClasses('x:1'), past)).data._entities[0].returns).toEqual([before])
  })
})

describe('a wrong argument is refused by name', () => {
  it('with what was expected and what came', async () => {
    expect(
      await refusal('returns(periods: [Y1], asOf: { knownAt: "2999-01-01T00:00:00.000Z" }) { cumulative }'),
    ).toEqual(['BAD_USER_INPUT', expect.stringContaining('asOf.knownAt')])
    expect(
      await refusal('returns(periods: [Y1], endDate: "2023-01-02", asOf: { validAt: "2023-01-01" }) { cumulative }'),
    ).toEqual([
      'BAD_USER_INPUT',
      'returns: expected endDate <= asOf.validAt; got endDate 2023-01-02 and validAt 2023-01-01',
    ])
    expect(await refusal('calendarYearReturns(from: 2020, to: 2019) { cumulative }')).toEqual([
      'BAD_USER_INPUT',
      'calendarYearReturns: expected from <= to; got from 2020 and to 2019',
    ])
    expect(await refusal('calendarYearReturns(from: 1, to: 9999) { cumulative }')).toEqual([
      'BAD_USER_INPUT',
      'calendarYearReturns: expected at most 100 years; got 9999',
    ])
    expect(await refusal('calendarYearReturns(from: 0) { cumulative }')).toEqual([
      'BAD_USER_INPUT',
      'from: expected a year from 1 to 9999; got 0',
    ])
  })
})

describe('a portfolio', () => {
  const value = async (tenant: string, positions: object, args = '') => {
    const portfolio = [{ __typename: 'Portfolio', id: 'p1', positions }]
    const answer = await test.entities(tenant, portfolio, `... on Portfolio { marketValue${args} { amount currency } }`)
    expect(answer.errors).toBeUndefined()
    return answer.data._entities[0].marketValue
  }
  const positions = [
    { shareClassId: 'tsp:c-fund', units: '1000.5' },
    { shareClassId: 'tsp:g-fund', units: '250' },
  ]

  it('is worth the sum of units times NAV, exactly, in any currency of the rates', async () => {
    expect(await value('alder', positions)).toEqual({ amount: '75646.6674', currency: 'USD' })
    expect(await value('alder', positions, '(currency: "EUR")')).toEqual({
      amount: '69933.1306277156',
      currency: 'EUR',
    })
    expect(await value('alder', positions, '(currency: "INR")')).toEqual({
      amount: '6307164.1516177313',
      currency: 'INR',
    })
    expect(await value('alder', [])).toEqual({ amount: '0', currency: 'USD' })
  })

  it('is worth nothing that can be told where the tenant may not see a NAV, or no rate is known', async () => {
    expect(await value('cedar', positions)).toBeNull()
    expect(await value('alder', positions, '(currency: "PLN")')).toBeNull()
    expect(await value('alder', positions, '(asOf: { validAt: "2003-06-01" })')).toBeNull()
  })
})

describe('the cost', () => {
  const spent = async (ask: () => Promise<unknown>) => {
    const before = test.dataApi.statements().byName
    await ask()
    return Object.fromEntries(
      Object.entries(test.dataApi.statements().byName)
        .map(([name, count]) => [name, count - (before[name] ?? 0)] as const)
        .filter(([, count]) => count > 0),
    )
  }
  const hundred = shareClasses(...Array.from({ length: 100 }, (_, n) => `x:${n + 1}`))

  it('of the returns of 100 share classes is one statement for their series and one for who may see them', async () => {
    const fields = onShareClass(
      'returns(periods: [MTD, SINCE_INCEPTION]) { cumulative } calendarYearReturns { complete }',
    )
    expect(await spent(() => test.entities('many', hundred, fields))).toEqual({ 'shareClass.byId': 1, 'nav.series': 1 })
  })

  it('of a conversion is one small statement once the rates are remembered, and a restated rate is seen at once', async () => {
    const inYen = async () => {
      const [returned] = await returnsOf('tsp:c-fund', 'periods: [MTD], currency: "JPY"', 'cumulative')
      return returned.cumulative
    }
    const first = await inYen()
    let second: unknown
    expect(
      await spent(async () => {
        second = await inYen()
      }),
    ).toEqual({ 'shareClass.byId': 1, 'nav.series': 1, 'fxRate.states': 1 })
    expect(second).toBe(first)
    await test.warehouse.admin.query(`
      with closed as (
        update gold.fx_rate set recorded_to = now() where currency = 'JPY' and rate_date = '2023-12-05' returning *
      )
      insert into gold.fx_rate select currency, rate_date, 2, rate * 2, now() from closed`)
    expect(Number(await inYen())).toBeCloseTo(2 * (1 + Number(first)) - 1, 12)
  })

  it('of a portfolio with 100 positions is one statement', async () => {
    const positions = hundred.map(({ id }) => ({ shareClassId: id, units: '1' }))
    const portfolio = [{ __typename: 'Portfolio', id: 'p1', positions }]
    const fields = '... on Portfolio { marketValue(currency: "EUR") { amount } }'
    expect(await spent(() => test.entities('many', portfolio, fields))).toEqual({ 'nav.latest': 1 })
  })
})
