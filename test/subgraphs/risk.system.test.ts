import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createRiskService } from '../../subgraphs/risk/src/service.ts'
import { type SubgraphUnderTest, shareClasses, subgraphUnderTest } from './subgraph-under-test.ts'

let test: SubgraphUnderTest

beforeAll(async () => {
  test = await subgraphUnderTest(createRiskService)
  await test.warehouse.admin.query(`
    insert into gold.row_grant select 'all-' || fund_id, 'alder', 'FUND', fund_id, '2000-01-01' from gold.fund;
    insert into gold.row_grant values ('c-only', 'cedar', 'SHARE_CLASS', 'tsp:c-fund', '2000-01-01')`)
  await test.publishRights()
})
afterAll(() => test?.close())

const onShareClass = (fields: string) => `... on ShareClass { id ${fields} }`
const figures = `startDate endDate observations volatility maximumDrawdown { depth peakDate troughDate recoveryDate }
  valueAtRisk { value confidence horizonDays method } reasonIncomplete conventions { name } knownAt`

async function riskOf(id: string, fieldArguments = '') {
  const answer = await test.entities('alder', shareClasses(id), onShareClass(`risk${fieldArguments} { ${figures} }`))
  expect(answer.errors).toBeUndefined()
  return answer.data._entities[0].risk
}

// Expected values: computed from the CSV with Python's statistics module (stdev, quantiles with method='inclusive').
describe('the risk of a share class', () => {
  it('is that of its whole history, by default', async () => {
    const risk = await riskOf('tsp:c-fund')
    expect(risk).toMatchObject({
      startDate: '2003-06-02',
      endDate: '2023-12-05',
      observations: 5119,
      maximumDrawdown: { peakDate: '2007-10-09', troughDate: '2009-03-09', recoveryDate: '2012-03-26' },
      valueAtRisk: { confidence: '0.95', horizonDays: 1, method: 'HISTORICAL' },
      reasonIncomplete: null,
    })
    expect(Number(risk.volatility)).toBeCloseTo(0.1905956740702427, 13)
    expect(Number(risk.maximumDrawdown.depth)).toBeCloseTo(0.5522310756972111, 14)
    expect(Number(risk.valueAtRisk.value)).toBeCloseTo(0.01754083917129362, 14)
    expect(risk.conventions.length).toBeGreaterThan(5)
  })

  it('is that of a window and a confidence, where they are given', async () => {
    const risk = await riskOf('tsp:c-fund', '(input: { from: "2008-01-01", to: "2008-12-31", confidence: "0.99" })')
    expect(risk).toMatchObject({ startDate: '2008-01-02', endDate: '2008-12-31', observations: 248 })
    expect(risk.maximumDrawdown).toMatchObject({ peakDate: '2008-01-03', troughDate: '2008-11-20', recoveryDate: null })
    expect(Number(risk.volatility)).toBeCloseTo(0.414755738990947, 13)
    expect(Number(risk.maximumDrawdown.depth)).toBeCloseTo(0.4693566176470588, 14)
    expect(Number(risk.valueAtRisk.value)).toBeCloseTo(0.08223978670479237, 14)
  })

  it('is nothing but its reason where the window is too short', async () => {
    expect(await riskOf('tsp:c-fund', '(input: { from: "2023-12-04" })')).toMatchObject({
      observations: 1,
      volatility: null,
      valueAtRisk: null,
      reasonIncomplete: 'daily returns in the window: 1; the volatility needs 2, the value at risk needs 20',
    })
    expect(await riskOf('tsp:c-fund', '(asOf: { validAt: "2003-01-01" })')).toMatchObject({
      startDate: null,
      observations: 0,
    })
  })

  it('shows a fund that never fell with a depth of 0', async () => {
    expect(await riskOf('tsp:g-fund')).toMatchObject({
      maximumDrawdown: { depth: '0', peakDate: '2023-12-05', troughDate: '2023-12-05', recoveryDate: null },
      valueAtRisk: { value: '0' },
    })
  })
})

// Printed at tspfolio.com/funds (1990 to 21 November 2024; L funds from their start) and, for the L funds also with their
// annualized standard deviations, in its edition of 22 April 2014. It does not say how it annualizes: within 0.1 point.
describe('the figures that are printed', () => {
  it.each([
    ['tsp:f-fund', '18.0'],
    ['tsp:c-fund', '55.2'],
    ['tsp:s-fund', '57.4'],
    ['tsp:i-fund', '60.9'],
    ['tsp:l-income', '11.0'],
    ['tsp:l-2030', '43.3'],
    ['tsp:l-2040', '48.4'],
    ['tsp:l-2050', '29.2'],
  ])('the maximum drawdown of %s rounds to %s %%', async (id, percent) => {
    expect((Number((await riskOf(id)).maximumDrawdown.depth) * 100).toFixed(1)).toBe(percent)
  })

  it.each([
    ['tsp:l-income', 4.3, '11.0'],
    ['tsp:l-2030', 15.5, '43.3'],
    ['tsp:l-2040', 17.7, '48.4'],
    ['tsp:l-2050', 15.4, '19.8'],
  ])('the volatility of %s up to 22 April 2014 is near %d %%, its drawdown %s %%', async (id, percent, depth) => {
    const risk = await riskOf(id, '(input: { to: "2014-04-22" })')
    expect(Math.abs(Number(risk.volatility) * 100 - percent)).toBeLessThan(0.1)
    expect((Number(risk.maximumDrawdown.depth) * 100).toFixed(1)).toBe(depth)
  })
})

describe('a caller', () => {
  it('sees a share class of another tenant as one that does not exist', async () => {
    const fields = onShareClass('risk { observations }')
    const answer = await test.entities('cedar', shareClasses('tsp:g-fund', 'tsp:no-fund', 'tsp:c-fund'), fields)
    expect(answer.errors).toBeUndefined()
    expect(answer.data._entities).toEqual([null, null, { id: 'tsp:c-fund', risk: { observations: 5119 } }])
  })

  it.each([
    ['risk(input: { confidence: "0.5" })', 'confidence: expected between 0.5 and 1, both excluded; got 0.5'],
    ['risk(input: { confidence: "1" })', 'confidence: expected between 0.5 and 1, both excluded; got 1'],
    [
      'risk(input: { from: "2023-01-02", to: "2023-01-01" })',
      'risk: expected from <= to; got from 2023-01-02 and to 2023-01-01',
    ],
    [
      'risk(input: { to: "2023-01-02" }, asOf: { validAt: "2023-01-01" })',
      'risk: expected to <= asOf.validAt; got to 2023-01-02 and validAt 2023-01-01',
    ],
  ])('is refused %s', async (field, message) => {
    const { errors } = await test.entities(
      'alder',
      shareClasses('tsp:c-fund'),
      onShareClass(`${field} { observations }`),
    )
    expect(errors).toMatchObject([{ message, extensions: { code: 'BAD_USER_INPUT' } }])
  })
})

it('the risk of all share classes is one statement for their histories and one for who may see them', async () => {
  const { rows } = await test.warehouse.admin.query<{ id: string }>('select share_class_id as id from gold.share_class')
  const before = test.dataApi.statements().total
  const answer = await test.entities(
    'alder',
    shareClasses(...rows.map(({ id }) => id)),
    onShareClass('risk { observations }'),
  )
  expect(answer.data._entities).toHaveLength(15)
  expect(test.dataApi.statements().total - before).toBe(2)
})
