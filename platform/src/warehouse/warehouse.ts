/**
 * The door to the warehouse. A `Warehouse` handle belongs to one reading (a tenant, its region, a channel, a field set) and
 * one request; the unscoped side (the `WarehousePort`) never leaves a service's composition root.
 */
import type { Reading } from '../grants/reading.ts'

/** A value as the Data API gives it: decimals and dates stay strings. */
export type WarehouseValue = string | number | boolean | null

export type WarehouseRow = Readonly<Record<string, WarehouseValue>>

/** One SQL statement with named parameters (`:name`), all of them text: cast in the SQL (`:day::date`). */
export interface Statement {
  /** Name of the question, for logs, metrics and tests: `nav.latest`. */
  readonly name: string
  readonly sql: string
  readonly parameters: Readonly<Record<string, string>>
}

/** What one tenant's request may ask. */
export interface Warehouse {
  /** The rows that the reading may see. Rejects with a WarehouseError. */
  query(statement: Statement): Promise<readonly WarehouseRow[]>
}

/** Makes a handle that sees one reading's rows and no others. */
export interface WarehousePort {
  /** Of nobody's reading (the empty tenant of an anonymous caller), the handle sees what belongs to no tenant. */
  forReading(reading: Reading): Warehouse
  /** Resolves when the warehouse answers; for readiness. */
  ping(): Promise<void>
  close(): void
}
