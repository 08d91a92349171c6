import { expect, it } from 'vitest'
import { eventLines, type NavEvent } from './event-line.ts'

const event: NavEvent = {
  __typename: 'NavUpdate',
  shareClassId: 'tsp:c-fund',
  sequence: 12,
  navDate: '2024-01-16',
  navPrice: '74.1234',
  priceCurrency: 'USD',
  shareClass: { name: 'C Fund' },
}
const noon = new Date(2024, 0, 17, 12, 0, 5)

it('shows time, share class, name, date, price, sequence and kind of an event', () => {
  expect(eventLines()(event, noon)).toBe(
    '12:00:05  tsp:c-fund    C Fund        2024-01-16     74.1234  USD      #12  update',
  )
})

it('keeps the columns under each other, the prices at their point', () => {
  const line = eventLines()
  const long = line(
    { ...event, shareClassId: 'amfi:1234567890', shareClass: { name: 'A fund with a long name' } },
    noon,
  )
  const short = line({ ...event, __typename: 'NavSnapshot', navPrice: '1018', sequence: 7 }, noon)
  expect(short.indexOf('2024-')).toBe(long.indexOf('2024-'))
  expect(short.indexOf('1018') + 4).toBe(long.indexOf('.1234'))
  expect(short.indexOf('snapshot')).toBe(long.indexOf('update'))
})

it('says so where the share class can be seen no longer', () => {
  expect(eventLines()({ ...event, shareClass: null }, noon)).toContain('(no longer yours)')
})
