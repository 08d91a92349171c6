/** A Data API over a fresh database, for system tests. */
import { fileURLToPath } from 'node:url'
import { RedshiftDataClient } from '@aws-sdk/client-redshift-data'
import { ensureLogin } from '@fundmesh/platform/postgres/login'
import { migrate } from '@fundmesh/platform/postgres/migrate'
import { createLogger } from '@fundmesh/platform/telemetry/log'
import { freshDatabase } from '@fundmesh/platform/testing/database'
import pg from 'pg'
import type { Limits } from './limits.ts'
import { type DataApi, startDataApi } from './server.ts'

export const READER = 'arn:aws:secretsmanager:local:000000000000:secret:warehouse-reader'
export const GRANTS = 'arn:aws:secretsmanager:local:000000000000:secret:warehouse-grants'

/** What every request says about where it goes. */
export const TARGET = { WorkgroupName: 'fundmesh', Database: 'fundmesh', SecretArn: READER }

export const silent = createLogger('test', 'silent')

export interface TestDataApi {
  readonly api: DataApi
  /** The official client, as impatient as a test. */
  readonly client: RedshiftDataClient
  /** The administrator's connection. */
  readonly admin: pg.Client
  close(): Promise<void>
}

/** With the gold schema, a reader and a login that writes row grants. */
export async function startTestDataApi(limits: Partial<Limits> = {}): Promise<TestDataApi> {
  const database = await freshDatabase()
  await migrate(database.url, {
    set: 'warehouse',
    folder: fileURLToPath(new URL('../../../contracts/warehouse', import.meta.url)),
  })
  const login = (group: string) =>
    ensureLogin(database.url, { role: `${database.name}_${group}`, memberOf: group, password: 'secret' })
  const logins = { [READER]: await login('warehouse_reader'), [GRANTS]: await login('warehouse_grants') }
  const api = await startDataApi({ host: '127.0.0.1', port: 0, logins, database: 'fundmesh', log: silent, limits })
  const client = new RedshiftDataClient({
    endpoint: api.url,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  })
  const admin = new pg.Client(database.url)
  await admin.connect()
  return {
    api,
    client,
    admin,
    async close() {
      client.destroy()
      await admin.end()
      await api.close()
      await database.drop()
    },
  }
}
