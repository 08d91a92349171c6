import { type BatchRunner, createBatchRunner, type WarehouseOptions } from './batch-runner.ts'
import type { Statement, Warehouse, WarehousePort, WarehouseRow } from './warehouse.ts'

/** Local to the transaction, so that the setting ends with the question and the next user of the connection has none. */
const SET_TENANT = `select set_config('app.tenant', :tenant, true)`

/**
 * The warehouse behind the Amazon Redshift Data API. A question runs in one transaction with the setting that names its
 * tenant; the row policies in contracts/warehouse/001-gold.sql do the rest.
 */
export function redshiftWarehouse(options: WarehouseOptions): WarehousePort {
  const runner = createBatchRunner(options)
  let answering: Promise<void> | undefined
  return {
    forTenant: (tenant) => tenantWarehouse(runner, tenant),
    // Readiness is asked by many; one statement answers all who ask at the same time.
    ping: () => {
      answering ??= ping(runner).finally(() => {
        answering = undefined
      })
      return answering
    },
    close: () => runner.close(),
  }
}

function tenantWarehouse(runner: BatchRunner, tenant: string): Warehouse {
  if (!tenant) throw new TypeError('expected the id of a tenant, got an empty text')
  return {
    async query({ name, sql, parameters }: Statement): Promise<readonly WarehouseRow[]> {
      if ('tenant' in parameters) {
        throw new TypeError(`expected "${name}" to leave the parameter :tenant to the warehouse, got a value for it`)
      }
      return runner.run({ name, sqls: [SET_TENANT, sql], parameters: { ...parameters, tenant } }, 1)
    },
  }
}

async function ping(runner: BatchRunner): Promise<void> {
  await runner.run({ name: 'warehouse.ping', sqls: ['select 1'], parameters: {} })
}
