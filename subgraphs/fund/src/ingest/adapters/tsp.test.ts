import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { ReceivedFile } from '../received-file.ts'
import { Refusal } from '../refusal.ts'
import { tsp } from './tsp.ts'

const received = (name: string, text: string): ReceivedFile => ({ name, sha256: '', bytes: Buffer.from(text), text })
const funds = received(
  'tsp-funds.json',
  readFileSync(new URL('../../../fixtures/tsp-funds.json', import.meta.url), 'utf8'),
)
const read = (...lines: string[]) =>
  tsp.read({ data: received('prices.csv', `${lines.join('\n')}\n`), reference: funds }, '2023-12-31')
const reasons = (...lines: string[]) =>
  read(...lines).findings.map(({ line, column, raw, reason }) => ({ line, column, raw, reason }))

test('each cell becomes one NAV, exactly as printed but for trailing zeros', () => {
  const reading = read('Date,L INC,C FUND', '12/5/2023,24.4885,71.1300', '1/4/2023,24.4956,71')
  expect(reading.rowsRead).toBe(2)
  expect(reading.findings).toEqual([])
  expect(reading.observations).toEqual([
    { subject: 'tsp:l-income', day: '2023-12-05', value: '24.4885', line: 2 },
    { subject: 'tsp:c-fund', day: '2023-12-05', value: '71.13', line: 2 },
    { subject: 'tsp:l-income', day: '2023-01-04', value: '24.4956', line: 3 },
    { subject: 'tsp:c-fund', day: '2023-01-04', value: '71', line: 3 },
  ])
  expect(reading.shareClasses.map(({ shareClassId, isin, currency }) => [shareClassId, isin, currency])).toEqual([
    ['tsp:l-income', null, 'USD'],
    ['tsp:c-fund', null, 'USD'],
  ])
})

test('a fund that did not exist yet is no error, whether its cell is 0 or empty', () => {
  const reading = read('Date,L 2025,L 2030', '6/30/2020,0,33.8766', '6/29/2020,,33.6846')
  expect(reading.findings).toEqual([])
  expect(reading.observations.map(({ subject }) => subject)).toEqual(['tsp:l-2030', 'tsp:l-2030'])
})

test('an empty cell of a fund that exists is unknown, not an error', () => {
  expect(read('Date,C FUND,G FUND', '12/5/2023,,17.9052')).toMatchObject({ findings: [], observations: [{ line: 2 }] })
})

test('a zero of a fund that exists is quarantined', () => {
  expect(reasons('Date,L 2025,L 2030', '7/1/2020,0,33.9437')).toEqual([
    { line: 2, column: 'L 2025', raw: '7/1/2020,0,33.9437', reason: 'NAV is zero' },
  ])
})

test('a row that prices a fund before its inception is quarantined whole, because its date is wrong', () => {
  const reading = read('Date,L 2025,L 2030', '6/23/2020,10.2239,34.8552', '6/23/2020,0,34.1789')
  expect(reading.findings).toMatchObject([
    { line: 2, column: null, reason: 'misdated: L 2025 has a NAV for 2020-06-23, before its inception on 2020-07-01' },
  ])
  expect(reading.observations).toEqual([{ subject: 'tsp:l-2030', day: '2020-06-23', value: '34.1789', line: 3 }])
})

test('a bad cell is quarantined with its line and column, and the rest of its row is loaded', () => {
  const reading = read('Date,C FUND,S FUND,I FUND,G FUND', '12/5/2023,abc,-71.1,1e2,17.9052')
  expect(reading.findings.map(({ line, column, reason }) => [line, column, reason])).toEqual([
    [2, 'C FUND', 'NAV "abc": expected a decimal number without exponent, such as "26.662"'],
    [2, 'S FUND', 'NAV "-71.1" is negative'],
    [2, 'I FUND', 'NAV "1e2": expected a decimal number without exponent, such as "26.662"'],
  ])
  expect(reading.observations.map(({ subject }) => subject)).toEqual(['tsp:g-fund'])
})

test('a value that the warehouse would round is quarantined', () => {
  expect(reasons('Date,C FUND', '12/5/2023,1.12345678901')).toMatchObject([
    { reason: 'NAV "1.12345678901" has more than 10 digits after the point' },
  ])
})

test.each([
  ['2023-12-05', 'date "2023-12-05": expected M/D/YYYY'],
  ['', 'date "": expected M/D/YYYY'],
  ['2/29/2023', 'date "2/29/2023": there is no such day'],
  ['13/1/2022', 'date "13/1/2022": there is no such day'],
  ['1/1/2024', 'date "1/1/2024" is in the future'],
])('the date %j is quarantined', (date, reason) => {
  expect(reasons('Date,C FUND', `${date},71.1`, '12/5/2023,71.2')).toMatchObject([{ line: 2, column: 'Date', reason }])
})

test('a row with a wrong number of columns is quarantined as it stands', () => {
  const rows = ['12/5/2023,71.1348', '12/4/2023,71.1723,18.6,9', '12/1/2023,71.5,18.7']
  expect(reasons('Date,C FUND,F FUND', ...rows)).toEqual([
    { line: 2, column: null, raw: '12/5/2023,71.1348', reason: 'expected 3 columns, found 2' },
    { line: 3, column: null, raw: '12/4/2023,71.1723,18.6,9', reason: 'expected 3 columns, found 4' },
  ])
})

test('a stray quote spoils its own cell only', () => {
  const reading = read('Date,C FUND', '12/5/2023,"71.1348', '12/4/2023,71.1723')
  expect(reading.findings).toMatchObject([{ line: 2, column: 'C FUND' }])
  expect(reading.observations).toHaveLength(1)
})

test('lines are counted as an editor counts them, blank ones included', () => {
  expect(reasons('Date,C FUND', '', '12/5/2023,71.1\r', '\r', '12/4/2023,x\r')).toMatchObject([{ line: 5 }])
})

test('a day that stands twice with equal prices counts once', () => {
  const reading = read('Date,C FUND', '2/17/2017,32.5153', '2/17/2017,32.51530')
  expect(reading).toMatchObject({ repeated: 1, findings: [], observations: [{ line: 2, value: '32.5153' }] })
})

test('of a day that stands twice with different prices neither is loaded', () => {
  const reading = read('Date,C FUND', '2/17/2017,32.5153', '2/16/2017,32', '2/17/2017,32.6')
  const reason = 'tsp:c-fund has different values for 2017-02-17 in this file: 32.5153 (line 2), 32.6 (line 4)'
  expect(reading.findings).toMatchObject([
    { line: 2, column: 'C FUND', raw: '2/17/2017,32.5153', reason },
    { line: 4, column: 'C FUND', raw: '2/17/2017,32.6', reason },
  ])
  expect(reading.observations).toMatchObject([{ day: '2017-02-16' }])
})

test.each([
  ['Day,C FUND', 'wrong header: expected Date and TSP funds, found "Day,C FUND"'],
  ['Date', 'wrong header: expected Date and TSP funds, found "Date"'],
  ['Date,C FUND,X FUND', 'wrong header: column 3, "X FUND", is no fund that tsp-funds.json knows'],
  ['Date,C FUND,C FUND', 'wrong header: column "C FUND" stands twice'],
])('the header %j is refused whole', (header, reason) => {
  expect(() => read(header, '12/5/2023,1,2')).toThrow(new Refusal(`prices.csv: ${reason}`))
})

test('a file with a header and no rows is refused', () => {
  expect(() => read('Date,C FUND')).toThrow('expected a header and rows, found no rows')
})
