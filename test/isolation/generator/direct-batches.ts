/**
 * Runs the warehouse's batches on PostgreSQL without the Data API between them: a hundred thousand questions are asked in
 * minutes. The settings, the row policies and the login of each service are those of production; what the Data API adds
 * is shown by its own tests and by those of the whole graph.
 */

import type { Batch, BatchRunner, WarehouseOptions } from '@fundmesh/platform/warehouse/batch-runner'
import { replaceParameters } from '@fundmesh/platform/warehouse/named-parameters'
import type { WarehouseRow, WarehouseValue } from '@fundmesh/platform/warehouse/warehouse'
import pg from 'pg'

/** The Data API's view of PostgreSQL's types: whole numbers, doubles and booleans as such, all else as text. */
const parsers: Readonly<Record<number, (text: string) => WarehouseValue>> = {
  16: (text) => text === 't',
  20: Number,
  21: Number,
  23: Number,
  700: Number,
  701: Number,
}
const types = { getTypeParser: (type: number) => parsers[type] ?? ((text: string) => text) } as pg.CustomTypesConfig

let logins: ReadonlyMap<string, string> = new Map()
/** By connection string. */
const pools = new Map<string, pg.Pool>()

/** Says which login each secret's ARN stands for from now on. */
export function useLogins(given: ReadonlyMap<string, string>): void {
  logins = given
}

function poolOf(secretArn: string): pg.Pool {
  const url = logins.get(secretArn)
  if (!url) throw new Error(`expected a secret of ${[...logins.keys()].join(', ')}; got ${secretArn}`)
  let pool = pools.get(url)
  if (!pool) {
    pool = new pg.Pool({ connectionString: url, max: 4, options: '-c timezone=UTC -c datestyle=ISO' })
    // An idle connection that breaks is replaced by the pool.
    pool.on('error', () => {})
    pools.set(url, pool)
  }
  return pool
}

/** In place of the one in platform/src/warehouse/batch-runner.ts. */
export const createBatchRunner = ({ secretArn }: WarehouseOptions): BatchRunner => ({
  run: (batch, resultOf) => runOn(poolOf(secretArn), batch, resultOf),
  close() {},
})

async function runOn(pool: pg.Pool, { sqls, parameters }: Batch, resultOf?: number): Promise<readonly WarehouseRow[]> {
  const client = await pool.connect()
  try {
    await client.query('begin')
    let rows: readonly WarehouseRow[] = []
    for (const [index, sql] of sqls.entries()) {
      const values: string[] = []
      const text = replaceParameters(sql, (name) => `$${values.push(parameters[name]!)}`)
      const answer = await client.query({ text, values, types })
      if (index === resultOf) rows = answer.rows
    }
    await client.query('commit')
    return rows
  } catch (error) {
    await client.query('rollback').catch(() => {})
    throw error
  } finally {
    client.release()
  }
}
