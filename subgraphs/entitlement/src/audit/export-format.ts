/** An export of audit entries, by lines: JSON, or CSV (RFC 4180) with the same columns. Each line can be checked by itself and against the one before. */
import type { ChainEntry } from './chain.ts'

export const exportFormats = ['jsonl', 'csv'] as const
export type ExportFormat = (typeof exportFormats)[number]

const columns = ['tenantId', 'position', 'entryId', 'recordedAt', 'body', 'previousHash', 'hash'] as const

export const exportHeader: Readonly<Record<ExportFormat, string>> = { jsonl: '', csv: `${columns.join(',')}\n` }

export const exportLine: Readonly<Record<ExportFormat, (entry: ChainEntry) => string>> = {
  jsonl: (entry) => `${JSON.stringify(entry)}\n`,
  csv: (entry) => `${columns.map((name) => quoted(String(entry[name]))).join(',')}\n`,
}

const quoted = (text: string) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)

/** Reads either format. A JSON body has no line break of its own, so that a line is an entry. */
export function* parseExport(text: string): Generator<ChainEntry> {
  const lines = text.split('\n').filter((line) => line !== '')
  if (lines[0] !== columns.join(',')) {
    for (const line of lines) yield JSON.parse(line) as ChainEntry
    return
  }
  for (const line of lines.slice(1)) {
    const cells = [...line.matchAll(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g)].map(([, cell]) => cell ?? '')
    const entry = Object.fromEntries(
      columns.map((name, index) => [name, cells[index]?.replace(/^"|"$/g, '').replaceAll('""', '"')]),
    )
    yield { ...(entry as unknown as ChainEntry), position: Number(entry.position) }
  }
}
