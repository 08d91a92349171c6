import type { ColumnMetadata, Field } from '@aws-sdk/client-redshift-data'
import type { WarehouseRow, WarehouseValue } from './warehouse.ts'

/** A result that cannot be read without loss: the question has to be put differently. */
export class ResultError extends Error {
  override readonly name = 'ResultError'
}

/** One value of the Data API's union. Decimals, dates and timestamps come as text and stay text. */
function fieldValue(field: Field): WarehouseValue {
  if (field.isNull) return null
  if (field.longValue !== undefined && !Number.isSafeInteger(field.longValue)) {
    throw new ResultError(`expected a whole number below 2^53, got about ${field.longValue}: select it as text`)
  }
  const value = field.stringValue ?? field.longValue ?? field.doubleValue ?? field.booleanValue
  if (value !== undefined) return value
  throw new ResultError(
    `expected a text, number or boolean, got a field of ${Object.keys(field).join(', ') || 'no kind'}`,
  )
}

/** Records as rows by column name. Throws when two columns share a name, since one would hide the other. */
export function toRows(columns: readonly ColumnMetadata[], records: readonly Field[][]): WarehouseRow[] {
  const names = columns.map((column) => column.name ?? column.label ?? '')
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice !== undefined) throw new ResultError(`expected columns of different names, got "${twice}" twice`)
  return records.map((record) => Object.fromEntries(record.map((field, index) => [names[index], fieldValue(field)])))
}
