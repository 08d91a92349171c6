/**
 * The share prices of the Thrift Savings Plan: wide CSV, one line per day and one column per fund, newest first,
 * dates M/D/YYYY. Where a fund did not exist yet, its cell is empty or `0`; a row that prices such a fund has a wrong
 * date, and no price in it can be trusted. The file says nothing about the funds themselves: that stands in
 * fixtures/tsp-funds.json.
 */
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import type { Adapter, Delivery, Finding, ShareClassRecord } from '../adapter.ts'
import { americanDates, checkDay, checkPositiveDecimal } from '../checks.ts'
import { readCsv } from '../csv.ts'
import { receiveFile } from '../received-file.ts'
import { Refusal } from '../refusal.ts'
import { type Candidate, settle } from '../settle.ts'

const fundsFile = fileURLToPath(new URL('../../../fixtures/tsp-funds.json', import.meta.url))

const fundsSchema = z.object({
  fundHouse: z.string(),
  domicile: z.string().length(2),
  currency: z.string().length(3),
  funds: z.array(
    z.object({
      column: z.string(),
      code: z.string(),
      name: z.string(),
      category: z.string(),
      inceptionDate: z.iso.date(),
    }),
  ),
})

const isZero = (cell: string) => /^0(\.0*)?$/.test(cell)

interface Fund {
  readonly record: ShareClassRecord
  readonly inceptionDate: string
}

export const tsp: Adapter = {
  series: 'nav',

  async receive(path) {
    return { data: await receiveFile(path), reference: await receiveFile(fundsFile) }
  },

  read({ data, reference }: Delivery, lastDay) {
    const funds = readFunds(reference!.text)
    const { header, records } = readCsv(data, { quotes: false })
    const columns = matchColumns(data.name, header, funds)
    const candidates: Candidate[] = []
    const findings: Finding[] = []
    for (const { line, raw, cells } of records) {
      const origin = { file: data, line, raw, column: null }
      if (cells.length !== header.length) {
        findings.push({ ...origin, reason: `expected ${header.length} columns, found ${cells.length}` })
        continue
      }
      const day = checkDay(cells[0]!, americanDates, lastDay)
      if ('reason' in day) {
        findings.push({ ...origin, column: header[0]!, reason: day.reason })
        continue
      }
      const prices = columns
        .map((fund, index) => ({ fund, column: header[index + 1]!, cell: cells[index + 1]! }))
        .filter(({ fund, cell }) => cell !== '' && !(day.value < fund.inceptionDate && isZero(cell)))
        .map(({ fund, column, cell }) => ({ fund, column, price: checkPositiveDecimal(cell, 'NAV') }))
      const early = prices.find(({ fund, price }) => 'value' in price && day.value < fund.inceptionDate)
      if (early) {
        const { column, fund } = early
        const reason = `misdated: ${column} has a NAV for ${day.value}, before its inception on ${fund.inceptionDate}`
        findings.push({ ...origin, reason })
        continue
      }
      for (const { fund, column, price } of prices) {
        if ('reason' in price) findings.push({ ...origin, column, reason: price.reason })
        else {
          const subject = fund.record.shareClassId
          candidates.push({ subject, day: day.value, value: price.value, line, origin: { ...origin, column } })
        }
      }
    }
    const settled = settle(candidates)
    return {
      rowsRead: records.length,
      shareClasses: columns.map(({ record }) => record),
      observations: settled.observations,
      repeated: settled.repeated,
      findings: [...findings, ...settled.findings],
    }
  },
}

/** The funds by the name of their column. */
function readFunds(text: string): Map<string, Fund> {
  const { fundHouse, domicile, currency, funds } = fundsSchema.parse(JSON.parse(text))
  return new Map(
    funds.map(({ column, code, name, category, inceptionDate }) => {
      const id = `tsp:${code}`
      const record = {
        shareClassId: id,
        fundId: id,
        legalFundName: name,
        fundHouse,
        category,
        domicile,
        isin: null,
        currency,
      }
      return [column, { record, inceptionDate }]
    }),
  )
}

/** The fund of each column after the first: any of the known funds, in any order, each once. */
function matchColumns(fileName: string, header: readonly string[], funds: ReadonlyMap<string, Fund>): Fund[] {
  const [first, ...names] = header
  if (first !== 'Date' || names.length === 0)
    throw new Refusal(
      `${fileName}: wrong header: expected Date and TSP funds, found ${JSON.stringify(header.slice(0, 4).join(','))}`,
    )
  return names.map((name, index) => {
    const fund = funds.get(name)
    if (!fund)
      throw new Refusal(
        `${fileName}: wrong header: column ${index + 2}, ${JSON.stringify(name)}, is no fund that tsp-funds.json knows`,
      )
    if (names.indexOf(name) !== index)
      throw new Refusal(`${fileName}: wrong header: column ${JSON.stringify(name)} stands twice`)
    return fund
  })
}
