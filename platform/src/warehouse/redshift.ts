import type { Reading } from '../grants/reading.ts'
import { type BatchRunner, createBatchRunner, type WarehouseOptions } from './batch-runner.ts'
import type { Statement, Warehouse, WarehousePort, WarehouseRow } from './warehouse.ts'

/** The settings that name a reading (contracts/warehouse/002-readings.sql), by the parameter that carries each. */
const SETTINGS = {
  tenant: 'app.tenant',
  region: 'app.region',
  channel: 'app.channel',
  field_set: 'app.field_set',
} as const
type SettingName = keyof typeof SETTINGS

/**
 * The warehouse behind the Amazon Redshift Data API. A question runs in one transaction with the settings that name its
 * reading; the row policies in contracts/warehouse do the rest.
 */
export function redshiftWarehouse(options: WarehouseOptions): WarehousePort {
  const runner = createBatchRunner(options)
  let answering: Promise<void> | undefined
  return {
    forReading: (reading) => readingWarehouse(runner, reading),
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

function readingWarehouse(runner: BatchRunner, reading: Reading): Warehouse {
  const settings = settingsOf(reading)
  return {
    async query({ name, sql, parameters }: Statement): Promise<readonly WarehouseRow[]> {
      const taken = Object.keys(SETTINGS).find((setting) => setting in parameters)
      if (taken !== undefined) {
        throw new TypeError(`expected "${name}" to leave the parameter :${taken} to the warehouse, got a value for it`)
      }
      return runner.run({ name, sqls: [settings.sql, sql], parameters: { ...parameters, ...settings.parameters } }, 1)
    },
  }
}

/** What is not told is not set, and the row policies open nothing for it: the Data API takes no empty text. */
function settingsOf({ tenant, region, channel, fieldSet }: Reading): Pick<Statement, 'sql' | 'parameters'> {
  const told: Readonly<Record<SettingName, string | undefined>> = { tenant, region, channel, field_set: fieldSet }
  const parameters = Object.fromEntries(
    Object.entries(told).filter((entry): entry is [SettingName, string] => Boolean(entry[1])),
  )
  // Local to the transaction, so that they end with the question and the next user of the connection has none.
  const calls = Object.keys(parameters).map((name) => `set_config('${SETTINGS[name as SettingName]}', :${name}, true)`)
  return { sql: `select ${calls.join(', ')}`, parameters }
}

async function ping(runner: BatchRunner): Promise<void> {
  await runner.run({ name: 'warehouse.ping', sqls: ['select 1'], parameters: {} })
}
