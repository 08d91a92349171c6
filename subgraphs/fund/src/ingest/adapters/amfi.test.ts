import { expect, test } from 'vitest'
import type { ReceivedFile } from '../received-file.ts'
import { amfi } from './amfi.ts'

const received = (name: string, text: string): ReceivedFile => ({ name, sha256: '', bytes: Buffer.from(text), text })
const schemeHeader = 'scheme_code,scheme_name,fund_house,scheme_category,isin_growth'
const schemes = [
  '119598,"SBI Large Cap Fund, Direct",SBI Mutual Fund,Large Cap,INF200K01QX4',
  '119088,HDFC Liquid Fund,HDFC Mutual Fund,Liquid,',
]
const read = (rows: string[], schemeRows = schemes, header = 'scheme_code,nav_date,nav') =>
  amfi.read(
    {
      data: received('nav.csv', `${[header, ...rows].join('\r\n')}\r\n`),
      reference: received('schemes.csv', `${[schemeHeader, ...schemeRows].join('\r\n')}\r\n`),
    },
    '2025-12-31',
  )

test('a scheme is one fund with one share class, its NAVs in rupees', () => {
  const reading = read(['119598,2013-01-02,16.83000', '119088,2013-01-02,10.3275'])
  expect(reading.findings).toEqual([])
  expect(reading.shareClasses).toEqual([
    {
      shareClassId: 'amfi:119598',
      fundId: 'amfi:119598',
      legalFundName: 'SBI Large Cap Fund, Direct',
      fundHouse: 'SBI Mutual Fund',
      category: 'Large Cap',
      domicile: 'IN',
      isin: 'INF200K01QX4',
      currency: 'INR',
    },
    expect.objectContaining({ shareClassId: 'amfi:119088', isin: null }),
  ])
  expect(reading.observations).toEqual([
    { subject: 'amfi:119598', day: '2013-01-02', value: '16.83', line: 2 },
    { subject: 'amfi:119088', day: '2013-01-02', value: '10.3275', line: 3 },
  ])
})

test('the columns may stand in any order', () => {
  expect(read(['119598,16.83,2013-01-02'], schemes, 'scheme_code,nav,nav_date').observations).toMatchObject([
    { day: '2013-01-02', value: '16.83' },
  ])
})

test('weekend NAVs and unit consolidations are loaded: to judge them is not the ingest', () => {
  const reading = read(['119598,2013-01-06,16.83', '119598,2013-01-07,1683'])
  expect(reading.findings).toEqual([])
  expect(reading.observations).toHaveLength(2)
})

test.each([
  ['119598,2013-04-07,0.00000', 'nav', 'NAV is zero'],
  ['119598,2013-04-07,-1', 'nav', 'NAV "-1" is negative'],
  ['119598,2013-04-07,N.A.', 'nav', 'NAV "N.A.": expected a decimal number without exponent, such as "26.662"'],
  ['119598,2013-04-31,1', 'nav_date', 'date "2013-04-31": there is no such day'],
  ['119598,07-Apr-2013,1', 'nav_date', 'date "07-Apr-2013": expected YYYY-MM-DD'],
  ['119598,2026-01-01,1', 'nav_date', 'date "2026-01-01" is in the future'],
  ['999999,2013-04-07,1', 'scheme_code', 'scheme code "999999" is not in schemes.csv'],
  ['119598,2013-04-07', null, 'expected 3 columns, found 2'],
])('%j is quarantined, and the rest is loaded', (row, column, reason) => {
  const reading = read(['119088,2013-01-02,10', row, '119088,2013-01-03,11'])
  expect(reading.findings).toMatchObject([{ line: 3, column, raw: row, reason }])
  expect(reading.observations).toHaveLength(2)
})

test('an ISIN with a wrong check digit is dropped and reported, its share class kept', () => {
  const row = '119598,SBI Large Cap Fund,SBI Mutual Fund,Large Cap,INF200K01QX5'
  const reading = read(['119598,2013-01-02,16.83'], [row])
  expect(reading.shareClasses).toMatchObject([{ shareClassId: 'amfi:119598', isin: null }])
  expect(reading.observations).toHaveLength(1)
  expect(reading.findings).toMatchObject([
    {
      file: { name: 'schemes.csv' },
      line: 2,
      column: 'isin_growth',
      raw: row,
      reason: 'ISIN "INF200K01QX5" dropped: expected 12 characters with a valid check digit',
    },
  ])
})

test('an ISIN that two schemes claim stays with the first', () => {
  const reading = read(['119598,2013-01-02,1'], [schemes[0]!, '119088,HDFC,HDFC,Liquid,INF200K01QX4'])
  expect(reading.shareClasses.map(({ isin }) => isin)).toEqual(['INF200K01QX4', null])
  expect(reading.findings).toMatchObject([{ line: 3, column: 'isin_growth' }])
})

test('a wrong header is refused whole', () => {
  expect(() => read(['119598,2013-01-02,1'], schemes, 'code,nav_date,nav')).toThrow(
    'nav.csv: wrong header: expected scheme_code,nav_date,nav, found "code,nav_date,nav"',
  )
})
