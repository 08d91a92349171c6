/**
 * The euro foreign exchange reference rates of the European Central Bank: wide CSV, one line per business day and one
 * column per currency, newest first; units of the currency per euro, `N/A` where there is none. Each line ends with a
 * comma.
 */
import type { Adapter, Delivery, Finding } from '../adapter.ts'
import { checkDay, checkPositiveDecimal, isoDates } from '../checks.ts'
import { readCsv } from '../csv.ts'
import { receiveFile } from '../received-file.ts'
import { Refusal } from '../refusal.ts'
import { type Candidate, settle } from '../settle.ts'

export const ecb: Adapter = {
  series: 'fxRate',

  async receive(path) {
    return { data: await receiveFile(path), reference: null }
  },

  read({ data }: Delivery, lastDay) {
    const { header, records } = readCsv(data, { quotes: false })
    const currencies = matchColumns(data.name, header)
    const candidates: Candidate[] = []
    const findings: Finding[] = []
    for (const { line, raw, cells } of records) {
      const origin = { file: data, line, raw, column: null }
      if (cells.length !== header.length) {
        findings.push({ ...origin, reason: `expected ${header.length} columns, found ${cells.length}` })
        continue
      }
      const day = checkDay(cells[0]!, isoDates, lastDay)
      if ('reason' in day) {
        findings.push({ ...origin, column: header[0]!, reason: day.reason })
        continue
      }
      currencies.forEach((subject, index) => {
        const cell = cells[index + 1]!
        if (cell === 'N/A' || cell === '') return
        const cellOrigin = { ...origin, column: subject }
        const rate = checkPositiveDecimal(cell, 'rate')
        if ('reason' in rate) findings.push({ ...cellOrigin, reason: rate.reason })
        else candidates.push({ subject, day: day.value, value: rate.value, line, origin: cellOrigin })
      })
    }
    const settled = settle(candidates)
    return {
      rowsRead: records.length,
      shareClasses: [],
      observations: settled.observations,
      repeated: settled.repeated,
      findings: [...findings, ...settled.findings],
    }
  },
}

/** The currencies in the order of their columns, without the empty one behind the last comma. */
function matchColumns(fileName: string, header: readonly string[]): string[] {
  const [first, ...names] = header.at(-1) === '' ? header.slice(0, -1) : header
  if (first !== 'Date' || names.length === 0)
    throw new Refusal(
      `${fileName}: wrong header: expected Date and currencies, found ${JSON.stringify(header.slice(0, 4).join(','))}`,
    )
  names.forEach((name, index) => {
    if (!/^[A-Z]{3}$/.test(name))
      throw new Refusal(`${fileName}: wrong header: column ${index + 2}, ${JSON.stringify(name)}, is no currency code`)
    if (names.indexOf(name) !== index) throw new Refusal(`${fileName}: wrong header: currency ${name} stands twice`)
  })
  return names
}
