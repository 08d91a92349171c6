import type { LogRecord } from '../log.ts'

/** A row of event_log.record as pg gives it: bigint is text. */
export interface RecordRow {
  readonly topic: string
  readonly partition: number
  readonly offset: string
  readonly key: string
  readonly headers: Record<string, string>
  readonly value: Buffer
  readonly appended_at: Date
}

export const RECORD_COLUMNS = 'r.topic, r.partition, r."offset", r.key, r.headers, r.value, r.appended_at'

export function toRecord(row: RecordRow): LogRecord {
  const { appended_at: appendedAt, offset, ...rest } = row
  return { ...rest, offset: BigInt(offset), appendedAt }
}
