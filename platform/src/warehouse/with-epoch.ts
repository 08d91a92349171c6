import { setTimeout as sleep } from 'node:timers/promises'
import { Undecided } from '../grants/undecided.ts'
import type { Statement, Warehouse } from './warehouse.ts'

export interface EpochOptions {
  /** Milliseconds to wait at the most. */
  readonly withinMs: number
  /** Milliseconds between two looks. */
  readonly lookMs?: number
}

const epochOfTenant: Statement = {
  name: 'rowGrant.epochOfTenant',
  sql: 'select gold.row_grant_epoch_of_tenant() as epoch',
  parameters: {},
}

/**
 * Asks nothing before the warehouse's row policies know the tenant's changes up to `epoch`. Epochs only grow, so what
 * one transaction has seen, every later one sees: one look before the first question of a request is enough, and a
 * request that names no change costs none. Rejects with
 * Undecided where they do not within the time.
 */
export function withEpoch(warehouse: Warehouse, epoch: number, { withinMs, lookMs = 25 }: EpochOptions): Warehouse {
  if (epoch <= 0) return warehouse
  let reached: Promise<void> | undefined
  const look = async () => {
    const deadline = performance.now() + withinMs
    for (;;) {
      const [row] = await warehouse.query(epochOfTenant)
      if (Number(row?.epoch) >= epoch) return
      if (performance.now() >= deadline) {
        throw new Undecided('CONSISTENCY_TIMEOUT', `row policies: expected epoch ${epoch}, got ${row?.epoch}`)
      }
      await sleep(lookMs)
    }
  }
  return {
    async query(statement) {
      reached ??= look()
      await reached
      return warehouse.query(statement)
    },
  }
}
