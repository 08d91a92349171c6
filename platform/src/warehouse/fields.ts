import type { ColumnMetadata, Field } from '@aws-sdk/client-redshift-data'
import type { WarehouseRow, WarehouseValue } from './warehouse.ts'

/** One value of the Data API's union. Decimals, dates and timestamps come as text and stay text. */
export function fieldValue(field: Field): WarehouseValue {
  if (field.isNull) return null
  const value = field.stringValue ?? field.longValue ?? field.doubleValue ?? field.booleanValue
  if (value !== undefined) return value
  throw new Error(`expected a text, number or boolean, got a field of ${Object.keys(field).join(', ') || 'no kind'}`)
}

/** Records as rows by column name. Throws when two columns share a name, since one would hide the other. */
export function toRows(columns: readonly ColumnMetadata[], records: readonly Field[][]): WarehouseRow[] {
  const names = columns.map((column) => column.name ?? column.label ?? '')
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice !== undefined) throw new Error(`expected columns of different names, got "${twice}" twice`)
  return records.map((record) => Object.fromEntries(record.map((field, index) => [names[index], fieldValue(field)])))
}
