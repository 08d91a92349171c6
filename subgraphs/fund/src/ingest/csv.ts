import { type CsvError, parse } from 'csv-parse/sync'
import type { ReceivedFile } from './received-file.ts'
import { Refusal } from './refusal.ts'

/** A record of a CSV file. */
export interface CsvRecord {
  /** The line on which it ends, counted from 1. */
  readonly line: number
  /** The line as it stands in the file, without its line break. */
  readonly raw: string
  /** Its cells, without the blanks around them. */
  readonly cells: readonly string[]
}

export interface CsvTable {
  readonly header: readonly string[]
  /** Records of any number of cells: to count them is the reader's check. */
  readonly records: readonly CsvRecord[]
}

/**
 * Splits a file into its header and records; blank lines are skipped.
 * Feeds of numbers are read with `quotes: false`, so that a stray quote spoils one cell and not the rest of the file.
 */
export function readCsv(file: ReceivedFile, { quotes }: { readonly quotes: boolean }): CsvTable {
  const lines = file.text.split(/\r?\n/)
  const [header, ...records] = parseRecords(file, quotes).map(
    ({ record, info }): CsvRecord => ({ line: info.lines, raw: lines[info.lines - 1]!, cells: record }),
  )
  if (!header || records.length === 0) throw new Refusal(`${file.name}: expected a header and rows, found no rows`)
  return { header: header.cells, records }
}

function parseRecords(file: ReceivedFile, quotes: boolean) {
  try {
    return parse(file.text, {
      quote: quotes ? '"' : false,
      record_delimiter: ['\r\n', '\n'],
      relax_column_count: true,
      skip_empty_lines: true,
      trim: true,
      info: true,
    }) as unknown as { record: string[]; info: { lines: number } }[]
  } catch (error) {
    throw new Refusal(`${file.name}: not CSV: ${(error as CsvError).message}`)
  }
}
