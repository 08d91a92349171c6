import { expect, test } from 'vitest'
import { ecb } from './ecb.ts'

const read = (...lines: string[]) => {
  const text = `${lines.join('\n')}\n`
  const data = { name: 'rates.csv', sha256: '', bytes: Buffer.from(text), text }
  return ecb.read({ data, reference: null }, '2026-12-31')
}

test('each cell is the units of a currency per euro; N/A is no rate', () => {
  expect(read('Date,USD,INR,', '2003-01-02,1.0446,N/A,')).toMatchObject({
    rowsRead: 1,
    findings: [],
    shareClasses: [],
    observations: [{ subject: 'USD', day: '2003-01-02', value: '1.0446', line: 2 }],
  })
})

test('the comma at the end of each line may be absent', () => {
  expect(read('Date,USD', '2003-01-02,1.0446').observations).toHaveLength(1)
})

test('a bad rate is quarantined with its line and currency', () => {
  expect(read('Date,USD,JPY,', '2003-01-02,1.0.4,124.4,', '2003-01-03,0,124.56,')).toMatchObject({
    findings: [
      { line: 2, column: 'USD', reason: 'rate "1.0.4": expected a decimal number without exponent, such as "26.662"' },
      { line: 3, column: 'USD', reason: 'rate is zero' },
    ],
    observations: [{ subject: 'JPY' }, { subject: 'JPY' }],
  })
})

test.each([
  ['Datum,USD,', 'expected Date and currencies, found "Datum,USD,"'],
  ['Date,US Dollar,', 'column 2, "US Dollar", is no currency code'],
  ['Date,USD,USD,', 'currency USD stands twice'],
])('the header %j is refused whole', (header, reason) => {
  expect(() => read(header, '2003-01-02,1,')).toThrow(`rates.csv: wrong header: ${reason}`)
})
