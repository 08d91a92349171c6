import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestMesh, testMesh } from '../mesh.ts'
import { euroRate, type Price, priceOn, sharePrices } from './share-prices.ts'

let mesh: TestMesh
beforeAll(async () => {
  mesh = await testMesh()
})
afterAll(() => mesh?.close())

const data = async (query: string, tenant = 'alder', variables?: object) => {
  const answer = await mesh.ask(tenant, query, variables)
  expect(answer.errors).toBeUndefined()
  return answer.data
}
const between = (id: string, from: string, to: string) =>
  sharePrices.get(id)!.filter(({ date }) => date >= from && date <= to)
const change = (base: Price, end: Price) => Number(end.price) / Number(base.price) - 1
const dailyReturns = (prices: readonly Price[]) => prices.slice(1).map((price, index) => change(prices[index]!, price))

describe('queries over the whole graph, against the shipped files', () => {
  it('lists exactly the funds that each tenant was granted', async () => {
    const counts = { alder: 15, birch: 10, cedar: 3, dogwood: 1 }
    for (const [tenant, count] of Object.entries(counts)) {
      const { funds } = await data('{ funds { nodes { id } } }', tenant)
      expect(funds.nodes).toHaveLength(count)
    }
    const { funds } = await data('{ funds { nodes { id } } }')
    expect(funds.nodes.map(({ id }: { id: string }) => id)).toEqual([...sharePrices.keys()].sort())
  })

  it('gives the newest NAV of every share class, exactly as printed', async () => {
    const { shareClasses } = await data('{ shareClasses { nodes { id nav { navDate navPrice priceCurrency } } } }')
    for (const { id, nav } of shareClasses.nodes) {
      const { date, price } = sharePrices.get(id)!.at(-1)!
      expect(nav).toEqual({ navDate: date, navPrice: price, priceCurrency: 'USD' })
    }
  })

  it('gives the NAV of Friday for a Sunday', async () => {
    const { shareClass } = await data(
      '{ shareClass(id: "tsp:c-fund") { nav(asOf: { validAt: "2023-11-26" }) { navDate navPrice } } }',
    )
    const { date, price } = priceOn('tsp:c-fund', '2023-11-26')
    expect(date).toBe('2023-11-24')
    expect(shareClass.nav).toEqual({ navDate: date, navPrice: price })
  })

  it('gives no NAV for a day before the first', async () => {
    const { shareClass } = await data(
      '{ shareClass(id: "tsp:l-2065") { nav(asOf: { validAt: "2019-01-01" }) { navDate } } }',
    )
    expect(shareClass).toEqual({ nav: null })
  })

  it('gives the history of a month, oldest first', async () => {
    const { shareClass } = await data(
      '{ shareClass(id: "tsp:s-fund") { navHistory(from: "2022-01-01", to: "2022-01-31") { nodes { navDate navPrice } } } }',
    )
    const expected = between('tsp:s-fund', '2022-01-01', '2022-01-31')
    expect(shareClass.navHistory.nodes).toEqual(expected.map(({ date, price }) => ({ navDate: date, navPrice: price })))
  })

  it('gives twenty years in pages that neither overlap nor leave a gap', async () => {
    const prices: Price[] = []
    let after: string | null = null
    do {
      const page = await data(
        'query ($after: Cursor) { shareClass(id: "tsp:c-fund") { navHistory(first: 1000, after: $after) { nodes { date: navDate price: navPrice } pageInfo { hasNextPage endCursor } } } }',
        'alder',
        { after },
      )
      const { nodes, pageInfo } = page.shareClass.navHistory
      prices.push(...nodes)
      after = pageInfo.hasNextPage ? pageInfo.endCursor : null
    } while (after)
    expect(prices).toEqual(sharePrices.get('tsp:c-fund'))
  })

  it('walks from a fund to its share classes and back', async () => {
    const { fund } = await data(
      '{ fund(id: "tsp:g-fund") { baseCurrency domicile inceptionDate shareClasses { nodes { id isin launchDate fund { id } } } primaryShareClass { id } } }',
    )
    const first = sharePrices.get('tsp:g-fund')![0]!.date
    expect(fund).toEqual({
      baseCurrency: 'USD',
      domicile: 'US',
      inceptionDate: first,
      shareClasses: { nodes: [{ id: 'tsp:g-fund', isin: null, launchDate: first, fund: { id: 'tsp:g-fund' } }] },
      primaryShareClass: { id: 'tsp:g-fund' },
    })
  })

  it('says where a NAV came from, down to the line of the file', async () => {
    const { shareClass } = await data(
      '{ shareClass(id: "tsp:c-fund") { nav { version status priceNature provenance { source fileName fileSha256 line } } } }',
    )
    expect(shareClass.nav).toMatchObject({ version: 1, status: 'PUBLISHED', priceNature: 'OFFICIAL' })
    expect(shareClass.nav.provenance).toMatchObject({
      source: 'tsp',
      line: 2,
      fileSha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    })
  })

  it('finds nothing under an ISIN that no share class has', async () => {
    expect(await data('{ shareClassByIsin(isin: "US0378331005") { id } }')).toEqual({ shareClassByIsin: null })
  })

  it('returns month, quarter and year to date from the end of the period before', async () => {
    const { shareClass } = await data(
      '{ shareClass(id: "tsp:i-fund") { returns(periods: [MTD, QTD, YTD], endDate: "2023-08-15") { period startDate endDate cumulative annualized complete } } }',
    )
    const end = priceOn('tsp:i-fund', '2023-08-15')
    const bases = { MTD: '2023-07-31', QTD: '2023-06-30', YTD: '2022-12-31' }
    expect(shareClass.returns.map(({ period }: { period: string }) => period)).toEqual(Object.keys(bases))
    for (const { period, startDate, endDate, cumulative, annualized, complete } of shareClass.returns) {
      const base = priceOn('tsp:i-fund', bases[period as keyof typeof bases])
      expect({ startDate, endDate, annualized, complete }).toEqual({
        startDate: base.date,
        endDate: end.date,
        annualized: null,
        complete: true,
      })
      expect(Number(cumulative)).toBeCloseTo(change(base, end), 13)
    }
  })

  it('annualizes one, three, five and ten years', async () => {
    const { shareClass } = await data(
      '{ shareClass(id: "tsp:c-fund") { returns(periods: [Y1, Y3, Y5, Y10], endDate: "2023-11-30") { cumulative annualized } } }',
    )
    const end = priceOn('tsp:c-fund', '2023-11-30')
    for (const [index, years] of [1, 3, 5, 10].entries()) {
      const total = change(priceOn('tsp:c-fund', `${2023 - years}-11-30`), end)
      expect(Number(shareClass.returns[index].cumulative)).toBeCloseTo(total, 13)
      expect(Number(shareClass.returns[index].annualized)).toBeCloseTo((1 + total) ** (1 / years) - 1, 13)
    }
  })

  it('returns the whole history since inception', async () => {
    const { shareClass } = await data(
      '{ shareClass(id: "tsp:f-fund") { returns(periods: [SINCE_INCEPTION]) { startDate cumulative observations } } }',
    )
    const prices = sharePrices.get('tsp:f-fund')!
    const [{ startDate, cumulative, observations }] = shareClass.returns
    expect({ startDate, observations }).toEqual({ startDate: prices[0]!.date, observations: prices.length - 1 })
    expect(Number(cumulative)).toBeCloseTo(change(prices[0]!, prices.at(-1)!), 12)
  })

  it('returns calendar years', async () => {
    const { shareClass } = await data(
      '{ shareClass(id: "tsp:s-fund") { calendarYearReturns(from: 2008, to: 2012) { endDate cumulative } } }',
    )
    expect(shareClass.calendarYearReturns).toHaveLength(5)
    for (const [index, { cumulative }] of shareClass.calendarYearReturns.entries()) {
      const year = 2008 + index
      expect(Number(cumulative)).toBeCloseTo(
        change(priceOn('tsp:s-fund', `${year - 1}-12-31`), priceOn('tsp:s-fund', `${year}-12-31`)),
        13,
      )
    }
  })

  it('gives a reason and no number for ten years of a fund that is younger', async () => {
    const { shareClass } = await data(
      '{ shareClass(id: "tsp:l-2065") { returns(periods: [Y10]) { cumulative annualized complete reasonIncomplete } } }',
    )
    expect(shareClass.returns).toEqual([
      { cumulative: null, annualized: null, complete: false, reasonIncomplete: expect.stringMatching(/./) },
    ])
  })

  it('returns in euro at the reference rates of the days', async () => {
    const { shareClass } = await data(
      '{ shareClass(id: "tsp:c-fund") { returns(periods: [YTD], endDate: "2022-12-30", currency: "EUR") { cumulative currency } } }',
    )
    const inEuro = (day: string) => {
      const { date, price } = priceOn('tsp:c-fund', day)
      return Number(price) / euroRate('USD', date)
    }
    expect(shareClass.returns[0].currency).toBe('EUR')
    expect(Number(shareClass.returns[0].cumulative)).toBeCloseTo(inEuro('2022-12-30') / inEuro('2021-12-31') - 1, 12)
  })

  it('gives the volatility of a year', async () => {
    const { shareClass } = await data(
      '{ shareClass(id: "tsp:c-fund") { risk(input: { from: "2022-01-01", to: "2022-12-31" }) { observations volatility } } }',
    )
    const returns = dailyReturns(between('tsp:c-fund', '2022-01-01', '2022-12-31'))
    const mean = returns.reduce((sum, r) => sum + r, 0) / returns.length
    const variance = returns.reduce((sum, r) => sum + (r - mean) ** 2, 0) / (returns.length - 1)
    expect(shareClass.risk.observations).toBe(returns.length)
    expect(Number(shareClass.risk.volatility)).toBeCloseTo(Math.sqrt(variance * 252), 12)
  })

  it('finds the deepest fall of the financial crisis', async () => {
    const { shareClass } = await data(
      '{ shareClass(id: "tsp:c-fund") { risk(input: { from: "2007-01-01", to: "2009-12-31" }) { maximumDrawdown { depth peakDate troughDate recoveryDate } } } }',
    )
    let peak: Price | undefined
    let deepest = { depth: 0, peakDate: '', troughDate: '' }
    for (const price of between('tsp:c-fund', '2007-01-01', '2009-12-31')) {
      if (!peak || Number(price.price) > Number(peak.price)) peak = price
      const depth = -change(peak, price)
      if (depth > deepest.depth) deepest = { depth, peakDate: peak.date, troughDate: price.date }
    }
    const { depth, ...dates } = shareClass.risk.maximumDrawdown
    expect(Number(depth)).toBeCloseTo(deepest.depth, 13)
    expect(dates).toEqual({ peakDate: deepest.peakDate, troughDate: deepest.troughDate, recoveryDate: null })
  })

  it('gives the historical value at risk of the whole history', async () => {
    const { shareClass } = await data(
      '{ shareClass(id: "tsp:i-fund") { risk(input: { confidence: "0.99" }) { valueAtRisk { value confidence horizonDays } } } }',
    )
    const sorted = dailyReturns(sharePrices.get('tsp:i-fund')!).sort((a, b) => a - b)
    const place = (sorted.length - 1) * 0.01
    const low = Math.floor(place)
    const quantile = sorted[low]! + (place - low) * (sorted[low + 1]! - sorted[low]!)
    expect(Number(shareClass.risk.valueAtRisk.value)).toBeCloseTo(-quantile, 12)
    expect(shareClass.risk.valueAtRisk).toMatchObject({ confidence: '0.99', horizonDays: 1 })
  })

  it('goes from a data product through its funds to NAVs, returns and risk: four subgraphs in one question', async () => {
    const { dataProduct } = await data(
      `{ dataProduct(slug: "tsp-lifecycle-nav") { title covers { id primaryShareClass { nav { navPrice } returns(periods: [Y1]) { complete } risk { observations } } } } }`,
      'birch',
    )
    expect(dataProduct.covers).toHaveLength(10)
    for (const { id, primaryShareClass } of dataProduct.covers) {
      const prices = sharePrices.get(id)!
      expect(primaryShareClass.nav.navPrice).toBe(prices.at(-1)!.price)
      expect(primaryShareClass.returns).toEqual([{ complete: true }])
      expect(primaryShareClass.risk).toEqual({ observations: prices.length - 1 })
    }
  })

  it('shows a tenant its contracts, grants and portfolios, and what they are worth', async () => {
    const { me } = await data(
      `{ me { id contracts { status } grants { state resource { kind id fund { legalFundName } } }
         portfolios { id positions { shareClassId units shareClass { id nav { navPrice } } } marketValue { amount currency } } } }`,
    )
    expect(me.id).toBe('alder')
    expect(me.grants).toHaveLength(15)
    for (const { state, resource } of me.grants) {
      expect(state).toBe('ACTIVE')
      expect(resource.fund.legalFundName).toMatch(/Fund/)
    }
    for (const { positions, marketValue } of me.portfolios) {
      const worth = positions.reduce(
        (sum: number, { shareClassId, units }: { shareClassId: string; units: string }) =>
          sum + Number(units) * Number(sharePrices.get(shareClassId)!.at(-1)!.price),
        0,
      )
      expect(marketValue.currency).toBe('USD')
      expect(Number(marketValue.amount)).toBeCloseTo(worth, 2)
    }
  })

  it('answers everything in one question as of one instant, and says which', async () => {
    const knownAt = new Date().toISOString()
    const answer = await mesh.ask(
      'cedar',
      '{ shareClasses { nodes { returns(periods: [YTD]) { knownAt } risk { knownAt } } } }',
      {},
      { extensions: { knownAt } },
    )
    expect(answer.extensions).toMatchObject({ knownAt })
    for (const { returns, risk } of answer.data.shareClasses.nodes) {
      expect([returns[0].knownAt, risk.knownAt]).toEqual([knownAt, knownAt])
    }
  })
})
