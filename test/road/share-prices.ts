/** The files that ship with the project, read without any of the project's code: the oracle of the system tests. */
import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'

const read = (path: string) =>
  gunzipSync(readFileSync(new URL(`../../subgraphs/fund/fixtures/data/${path}`, import.meta.url)))
    .toString()
    .trim()
    .split(/\r?\n/)
    .map((line) => line.split(','))

/** A day and a price as printed, without the zeros behind it. */
export interface Price {
  readonly date: string
  readonly price: string
}

const isoDate = (american: string) => {
  const [month, day, year] = american.split('/')
  return `${year}-${month!.padStart(2, '0')}-${day!.padStart(2, '0')}`
}
const canonical = (printed: string) => (printed.includes('.') ? printed.replace(/\.?0+$/, '') : printed)
const idOf = (column: string) => `tsp:${column.trim().toLowerCase().replace('l inc', 'l income').replace(' ', '-')}`

/**
 * Share class id → its prices, oldest first. The file prints 0 where a fund did not exist yet. It also repeats four days of
 * July 2020 as days of June, which shows in that they price funds that began on 2020-07-01: those rows are no prices.
 * Seven lines stand twice.
 */
export const sharePrices: ReadonlyMap<string, readonly Price[]> = (() => {
  const [header, ...printed] = read('tsp/share_prices.csv.gz')
  const youngest = header!.indexOf('L 2065')
  const days = new Set<string>()
  const rows = printed.filter((row) => {
    const day = isoDate(row[0]!)
    const misdated = Number(row[youngest]) !== 0 && day < '2020-07-01'
    if (misdated || days.has(day)) return false
    days.add(day)
    return true
  })
  return new Map(
    header!.slice(1).map((column, index) => [
      idOf(column),
      rows
        .filter((row) => Number(row[index + 1]) > 0)
        .map((row) => ({ date: isoDate(row[0]!), price: canonical(row[index + 1]!) }))
        .reverse(),
    ]),
  )
})()

/** The last price on or before a day. */
export function priceOn(id: string, day: string): Price {
  const price = sharePrices.get(id)!.findLast(({ date }) => date <= day)
  if (!price) throw new Error(`${id} has no price on or before ${day}`)
  return price
}

/** Units of a currency per euro on a day, or the last day before it. */
export function euroRate(currency: string, day: string): number {
  const [header, ...rows] = read('ecb/eurofxref-hist.csv.gz')
  const column = header!.indexOf(currency)
  const row = rows
    .filter(([date, ...rates]) => date! <= day && rates[column - 1] !== 'N/A')
    .sort((a, b) => (a[0]! < b[0]! ? 1 : -1))[0]
  return Number(row![column])
}
