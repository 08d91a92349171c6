import pg from 'pg'
import type { Limits } from './limits.ts'
import { describeColumn, encodeRow, type Result } from './result.ts'

/** Every value as the text that the database wrote. */
const AS_TEXT = { getTypeParser: () => (text: string) => text }

/** The session's format of dates and times, and a bound for a statement that nobody cancels. DISCARD ALL returns to these. */
export const SESSION_OPTIONS = '-c timezone=UTC -c datestyle=ISO -c statement_timeout=300000'

/**
 * Runs one SQL text and encodes its rows as they arrive. `interrupt` stops it in the database when the result outgrows
 * the limits. Rejects with what the database said.
 */
export function runSql(
  client: pg.ClientBase,
  { text, values }: { text: string; values: readonly string[] },
  limits: Limits,
  interrupt: () => void,
): Promise<Result> {
  return new Promise((resolve, reject) => {
    const config = {
      text,
      values: [...values],
      types: AS_TEXT,
      rowMode: 'array',
      // The extended protocol takes a single command: no second one hides behind a semicolon.
      queryMode: 'extended',
    }
    const query = new pg.Query<(string | null)[]>(config as unknown as pg.QueryConfig)
    const rows: string[] = []
    let bytes = 0
    let problem: Error | undefined
    query.on('row', (row, result) => {
      if (problem) return
      const encoded = encodeRow((result as unknown as pg.QueryResult).fields, row)
      const size = Buffer.byteLength(encoded)
      bytes += size
      if (size > limits.rowBytes) problem = new Error(`Packet for query is too large (${size} > ${limits.rowBytes}).`)
      else if (bytes > limits.resultBytes) problem = new Error('Database response exceeded size limit')
      if (problem) interrupt()
      else rows.push(encoded)
    })
    query.on('error', (error) => reject(problem ?? error))
    query.on('end', (end) => {
      if (problem) return reject(problem)
      const { fields, rowCount } = end as unknown as pg.QueryResult
      const columns = fields.length > 0 ? { columns: fields.map(describeColumn) } : {}
      resolve({ ...columns, rows, count: rowCount ?? rows.length, bytes })
    })
    client.query(query)
  })
}
