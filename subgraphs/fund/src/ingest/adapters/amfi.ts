/**
 * Net asset values of Indian mutual funds, in the form of the Association of Mutual Funds in India: long CSV, one line
 * per scheme and day (`scheme_code,nav_date,nav`, in any order), and beside it schemes.csv with the schemes themselves.
 * Each scheme is one fund with one share class: its growth option, or the one option that it has.
 */
import { stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { isIsin } from '@fundmesh/platform/scalars/isin'
import type { Adapter, Delivery, Finding, ShareClassRecord } from '../adapter.ts'
import { checkDay, checkPositiveDecimal, isoDates } from '../checks.ts'
import { readCsv } from '../csv.ts'
import { type ReceivedFile, receiveFile } from '../received-file.ts'
import { Refusal } from '../refusal.ts'
import { type Candidate, settle } from '../settle.ts'

const navColumns = ['scheme_code', 'nav_date', 'nav']
const schemeColumns = ['scheme_code', 'scheme_name', 'fund_house', 'scheme_category', 'isin_growth']

export const amfi: Adapter = {
  series: 'nav',

  /** `path` is the file of values, or the folder that holds it as nav_daily.csv.gz. */
  async receive(path) {
    const isFolder = await stat(path).then(
      (found) => found.isDirectory(),
      () => false,
    )
    const dataPath = isFolder ? join(path, 'nav_daily.csv.gz') : path
    return { data: await receiveFile(dataPath), reference: await receiveFile(join(dirname(dataPath), 'schemes.csv')) }
  },

  read({ data, reference }: Delivery, lastDay) {
    const schemes = readSchemes(reference!)
    const { header, records } = readCsv(data, { quotes: false })
    if (header.length !== navColumns.length || !navColumns.every((name) => header.includes(name)))
      throw new Refusal(
        `${data.name}: wrong header: expected ${navColumns.join(',')}, found ${JSON.stringify(header.join(','))}`,
      )
    const [codeAt, dateAt, navAt] = navColumns.map((name) => header.indexOf(name)) as [number, number, number]
    const candidates: Candidate[] = []
    const findings: Finding[] = [...schemes.findings]
    for (const { line, raw, cells } of records) {
      const origin = { file: data, line, raw, column: null }
      if (cells.length !== header.length) {
        findings.push({ ...origin, reason: `expected ${header.length} columns, found ${cells.length}` })
        continue
      }
      const scheme = schemes.byCode.get(cells[codeAt]!)
      if (!scheme) {
        findings.push({
          ...origin,
          column: 'scheme_code',
          reason: `scheme code ${JSON.stringify(cells[codeAt])} is not in ${reference!.name}`,
        })
        continue
      }
      const day = checkDay(cells[dateAt]!, isoDates, lastDay)
      if ('reason' in day) {
        findings.push({ ...origin, column: 'nav_date', reason: day.reason })
        continue
      }
      const price = checkPositiveDecimal(cells[navAt]!, 'NAV')
      if ('reason' in price) findings.push({ ...origin, column: 'nav', reason: price.reason })
      else
        candidates.push({
          subject: scheme.shareClassId,
          day: day.value,
          value: price.value,
          line,
          origin: { ...origin, column: 'nav' },
        })
    }
    const settled = settle(candidates)
    return {
      rowsRead: records.length,
      shareClasses: [...schemes.byCode.values()],
      observations: settled.observations,
      repeated: settled.repeated,
      findings: [...findings, ...settled.findings],
    }
  },
}

/** The schemes by their code. A bad ISIN is dropped and reported; the scheme is kept. */
function readSchemes(file: ReceivedFile): { byCode: Map<string, ShareClassRecord>; findings: Finding[] } {
  const { header, records } = readCsv(file, { quotes: true })
  const missing = schemeColumns.filter((name) => !header.includes(name))
  if (missing.length > 0) throw new Refusal(`${file.name}: wrong header: no column ${missing.join(', ')}`)
  const byCode = new Map<string, ShareClassRecord>()
  const findings: Finding[] = []
  const isins = new Set<string>()
  for (const { line, raw, cells } of records) {
    const report = (column: string | null, reason: string) => findings.push({ file, line, column, raw, reason })
    if (cells.length !== header.length) {
      report(null, `expected ${header.length} columns, found ${cells.length}`)
      continue
    }
    const cell = (name: string) => cells[header.indexOf(name)]!
    const code = cell('scheme_code')
    const blank = schemeColumns.slice(0, 4).find((name) => cell(name) === '')
    if (blank) {
      report(blank, `${blank} is empty`)
      continue
    }
    if (byCode.has(code)) {
      report('scheme_code', `scheme code ${code} stands twice in ${file.name}: the first is kept`)
      continue
    }
    let isin: string | null = cell('isin_growth') || null
    if (isin !== null && !isIsin(isin)) {
      report('isin_growth', `ISIN ${JSON.stringify(isin)} dropped: expected 12 characters with a valid check digit`)
      isin = null
    } else if (isin !== null && isins.has(isin)) {
      report('isin_growth', `ISIN ${isin} dropped: another scheme of ${file.name} has it`)
      isin = null
    }
    if (isin !== null) isins.add(isin)
    const id = `amfi:${code}`
    byCode.set(code, {
      shareClassId: id,
      fundId: id,
      legalFundName: cell('scheme_name'),
      fundHouse: cell('fund_house'),
      category: cell('scheme_category'),
      domicile: 'IN',
      isin,
      currency: 'INR',
    })
  }
  return { byCode, findings }
}
