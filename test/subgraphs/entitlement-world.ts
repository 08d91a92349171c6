/** The entitlement service with what it stands on: its ledger, a warehouse behind the Data API, the event log. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { EntitlementGrants } from '@fundmesh/contracts/generated/events'
import { type DataApi, startDataApi } from '@fundmesh/local/redshift-data-api/server'
import { decodeEvent } from '@fundmesh/platform/events/codec'
import { eventMigrations } from '@fundmesh/platform/events/migrations'
import { openEventLog } from '@fundmesh/platform/events/open'
import { ADMIN_SCOPE, AUDIT_ALL_SCOPE } from '@fundmesh/platform/identity/caller'
import { PASSPORT_HEADER, passportSealer } from '@fundmesh/platform/identity/passport'
import { ensureLogin } from '@fundmesh/platform/postgres/login'
import { migrate } from '@fundmesh/platform/postgres/migrate'
import { createLogger } from '@fundmesh/platform/telemetry/log'
import { freshDatabase } from '@fundmesh/platform/testing/database'
import { freePort } from '@fundmesh/platform/testing/port'
import { requiredService } from '@fundmesh/platform/testing/required'
import { exportJWK, generateKeyPair } from 'jose'
import pg from 'pg'
import { createEntitlementService } from '../../subgraphs/entitlement/src/service.ts'

const READER = 'arn:aws:secretsmanager:local:000000000000:secret:warehouse-reader'
const GRANTS = 'arn:aws:secretsmanager:local:000000000000:secret:warehouse-grants'
const TOPIC = 'asset-management.entitlement.changes'
/** Who may more than read what is its own. */
const SCOPES: Readonly<Record<string, readonly string[]>> = { house: [ADMIN_SCOPE], auditor: [AUDIT_ALL_SCOPE] }
const root = new URL('../../', import.meta.url)
const silent = createLogger('test', 'silent')
/** For who looks into a failing test. */
const logLevel = process.env.TEST_LOG_LEVEL ?? 'silent'

export interface Answer {
  readonly status: number
  // biome-ignore lint/suspicious/noExplicitAny: the shape of the data is the test's own business
  readonly data: any
  readonly errors?: readonly { message: string; path?: (string | number)[]; extensions: { code: string } }[]
  /** The body's bytes, for comparisons. */
  readonly text: string
}

export type Ask = (tenant: string, query: string, variables?: object) => Promise<Answer>

/** The process of the service. */
export interface Running {
  /** As a client of the tenant; `house` has the administrator's scope, `auditor` the auditor's. */
  readonly ask: Ask
  /** With this header for a passport, or none. */
  askWith(passport: string | undefined, query: string): Promise<Answer>
  stop(): Promise<void>
  kill(): Promise<void>
}

export type World = Awaited<ReturnType<typeof createWorld>>

export async function createWorld() {
  const database = await freshDatabase()
  const folder = (path: string) => fileURLToPath(new URL(path, root))
  await migrate(database.url, { set: 'warehouse', folder: folder('contracts/warehouse') })
  await migrate(database.url, { set: 'entitlement', folder: folder('subgraphs/entitlement/migrations') })
  await migrate(database.url, eventMigrations)
  const login = (group: string) =>
    ensureLogin(database.url, { role: `${database.name}_${group}`, memberOf: group, password: 'secret' })
  const logins = { [READER]: await login('warehouse_reader'), [GRANTS]: await login('warehouse_grants') }
  const ledgerUrl = await login('entitlement_service')
  const eventLogUrl = await login('event_log_user')
  const brokers = requiredService('KAFKA_BROKERS')
  const topicPrefix = `${database.name}.`
  const admin = new pg.Client(database.url)
  await admin.connect()

  const { publicKey, privateKey } = await generateKeyPair('EdDSA', { extractable: true })
  const passportKey = await exportJWK(publicKey)
  const seal = await passportSealer(await exportJWK(privateKey))
  const passport = (tenant: string) =>
    seal({
      channel: 'GRAPHQL',
      atLeastEpoch: 0,
      caller: {
        tenant,
        client: `${tenant}-demo`,
        subject: `${tenant}-demo`,
        scopes: new Set(SCOPES[tenant]),
        expiresAt: new Date(Date.now() + 60_000),
      },
      knownAt: new Date().toISOString(),
    })

  const dataApiPort = await freePort()
  let dataApi: DataApi | undefined
  const startWarehouse = async () => {
    dataApi = await startDataApi({ host: '127.0.0.1', port: dataApiPort, logins, database: 'fundmesh', log: silent })
  }
  await startWarehouse()

  const env = (port: number) => ({
    PORT: String(port),
    LOG_LEVEL: logLevel,
    PASSPORT_PUBLIC_KEY: JSON.stringify(passportKey),
    DATABASE_URL: ledgerUrl,
    CURSOR_SECRET: 'of the test, with thirty-two characters',
    REDSHIFT_DATA_ENDPOINT: `http://127.0.0.1:${dataApiPort}`,
    WAREHOUSE_SECRET_ARN: READER,
    WAREHOUSE_GRANTS_SECRET_ARN: GRANTS,
    EVENT_TOPIC_PREFIX: topicPrefix,
    ...(brokers ? { KAFKA_BROKERS: brokers, KAFKAJS_NO_PARTITIONER_WARNING: '1' } : { EVENT_LOG_URL: eventLogUrl }),
  })

  async function running(port: number, end: (how: 'stop' | 'kill') => Promise<void>): Promise<Running> {
    const url = `http://127.0.0.1:${port}`
    const askWith = async (sealed: string | undefined, query: string, variables?: object): Promise<Answer> => {
      const response = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...(sealed !== undefined && { [PASSPORT_HEADER]: sealed }) },
        body: JSON.stringify({ query, variables }),
      })
      const text = await response.text()
      return { status: response.status, text, ...JSON.parse(text) }
    }
    const deadline = Date.now() + 30_000
    for (;;) {
      const ready = await fetch(`${url}/ready`).catch(() => undefined)
      if (ready?.status === 200) break
      if (Date.now() > deadline) throw new Error('expected the service to be ready within 30 s')
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    return {
      ask: async (tenant, query, variables) => askWith(await passport(tenant), query, variables),
      askWith,
      stop: () => end('stop'),
      kill: () => end('kill'),
    }
  }

  /** In this process; resolves when it is ready. A change waits for its confirmations as long as a busy machine needs. */
  async function startService(confirmationMs = 30_000): Promise<Running> {
    const port = await freePort()
    const service = await createEntitlementService(env(port), createLogger('entitlement', logLevel), confirmationMs)
    await service.listen()
    return running(port, () => service.drain())
  }

  /** In a process of its own, which can be killed. */
  async function startProcess(): Promise<Running> {
    const port = await freePort()
    const main = folder('subgraphs/entitlement/src/main.ts')
    const child = spawn(process.execPath, ['--import', 'tsx', '--conditions=source', main], {
      cwd: folder('.'),
      env: { PATH: process.env.PATH, ...env(port) },
      stdio: ['ignore', logLevel === 'silent' ? 'ignore' : 'inherit', 'inherit'],
    })
    const exited = once(child, 'exit')
    return running(port, async (how) => {
      child.kill(how === 'kill' ? 'SIGKILL' : 'SIGTERM')
      await exited
    })
  }

  const openLog = () =>
    openEventLog({
      kafkaBrokers: brokers?.split(','),
      postgresUrl: eventLogUrl,
      topicPrefix,
      clientId: 'test',
      log: silent,
    })

  return {
    admin,
    adminUrl: database.url,
    ledgerUrl,
    /** The login whose questions the row policies bind. */
    readerUrl: logins[READER],
    /** Before the name of every topic and group in the log. */
    topicPrefix,
    /** What the log adds to the targets of a change: where it is Kafka, who may read there. */
    logTargets: brokers ? ['KAFKA_ACCESS', 'EVENT_LOG'] : ['EVENT_LOG'],
    startService,
    startProcess,
    startWarehouse,
    stopWarehouse: async () => dataApi?.close(),
    openLog,
    /** What the row policies have of the tenant: resource ids, and the epoch. */
    async warehouse(tenant: string): Promise<{ epoch: number; resources: string[] }> {
      const { rows } = await admin.query<{ resource_id: string }>(
        'select resource_id from gold.row_grant where tenant_id = $1 order by 1',
        [tenant],
      )
      const { rows: epochs } = await admin.query('select epoch::int from gold.row_grant_epoch where tenant_id = $1', [
        tenant,
      ])
      return { epoch: epochs[0]?.epoch ?? 0, resources: rows.map(({ resource_id }) => resource_id) }
    },
    /** Every event of the tenant that stands in the topic, oldest first. */
    async events(tenant: string): Promise<readonly EntitlementGrants[]> {
      const log = openLog()
      const found: EntitlementGrants[] = []
      for await (const record of log.read(TOPIC)) {
        if (record.key === tenant) found.push(decodeEvent(record).data as EntitlementGrants)
      }
      await log.close()
      return found
    },
    /** Deletes the tenant's events, which only the log in PostgreSQL can; tells whether it did. */
    async forgetEvents(tenant: string): Promise<boolean> {
      if (brokers) return false
      await admin.query('delete from event_log.record where key = $1', [tenant])
      return true
    },
    async close(): Promise<void> {
      await admin.end()
      await dataApi?.close()
      await database.drop()
    },
  }
}
