/** A warehouse with the Data API in front of it, and subgraphs over it that a test asks with passports of its own. */
import { randomBytes } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { type DataApi, startDataApi } from '@fundmesh/local/redshift-data-api/server'
import { PASSPORT_HEADER, passportSealer, type SealPassport } from '@fundmesh/platform/identity/passport'
import { ensureLogin } from '@fundmesh/platform/postgres/login'
import { migrate } from '@fundmesh/platform/postgres/migrate'
import type { Service } from '@fundmesh/platform/service/service'
import { createLogger, type Logger } from '@fundmesh/platform/telemetry/log'
import { freshDatabase } from '@fundmesh/platform/testing/database'
import { freePort } from '@fundmesh/platform/testing/port'
import { exportJWK, generateKeyPair, type JWK } from 'jose'
import pg from 'pg'

const READER = 'arn:aws:secretsmanager:local:000000000000:secret:warehouse-reader'
const folder = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url))
const silent = createLogger('test', 'silent')

export interface Grant {
  readonly tenant: string
  readonly resource: { readonly fund: string } | { readonly shareClass: string }
  readonly from?: string
  readonly to?: string
}

/** What a subgraph answered. */
export interface Answer {
  readonly status: number
  // biome-ignore lint/suspicious/noExplicitAny: what a test expects says what it is
  readonly data?: any
  readonly errors?: readonly { readonly message: string; readonly extensions: { readonly code: string } }[]
  readonly text: string
}

export interface AskOptions {
  readonly variables?: object
  /** The operation's own instant; default: now. */
  readonly knownAt?: string
  /** A sealed passport instead of a genuine one; null sends none. */
  readonly passport?: string | null
}

export interface RunningSubgraph {
  readonly url: string
  ask(tenant: string, query: string, options?: AskOptions): Promise<Answer>
  stop(): Promise<void>
}

export interface TestWarehouse {
  /** The login of the ingest and the seed: the administrator. */
  readonly adminUrl: string
  readonly admin: pg.Client
  readonly api: DataApi
  grant(grants: readonly Grant[]): Promise<void>
  revoke(tenant: string): Promise<void>
  start(create: (env: NodeJS.ProcessEnv, log: Logger) => Promise<Service>): Promise<RunningSubgraph>
  close(): Promise<void>
}

export async function startWarehouse(): Promise<TestWarehouse> {
  const database = await freshDatabase()
  await migrate(database.url, { set: 'warehouse', folder: folder('contracts/warehouse') })
  await migrate(database.url, { set: 'ingest', folder: folder('subgraphs/fund/migrations') })
  const role = `${database.name}_warehouse_reader`
  const reader = await ensureLogin(database.url, { role, memberOf: 'warehouse_reader', password: 'reader' })
  const api = await startDataApi({
    host: '127.0.0.1',
    port: await freePort(),
    logins: { [READER]: reader },
    database: 'fundmesh',
    log: silent,
  })
  const admin = new pg.Client({ connectionString: database.url })
  await admin.connect()
  const keys = await generateKeyPair('EdDSA', { extractable: true })
  const seal = await passportSealer(await exportJWK(keys.privateKey))
  const publicKey = await exportJWK(keys.publicKey)
  const running: RunningSubgraph[] = []
  let grants = 0
  return {
    adminUrl: database.url,
    admin,
    api,
    async grant(given) {
      for (const { tenant, resource, from = '2000-01-01', to = 'infinity' } of given) {
        const [kind, id] = 'fund' in resource ? ['FUND', resource.fund] : ['SHARE_CLASS', resource.shareClass]
        await admin.query('insert into gold.row_grant values ($1, $2, $3, $4, $5, $6)', [
          `grant-${++grants}`,
          tenant,
          kind,
          id,
          from,
          to,
        ])
      }
    },
    async revoke(tenant) {
      await admin.query('delete from gold.row_grant where tenant_id = $1', [tenant])
    },
    async start(create) {
      const subgraph = await startSubgraph(create, { endpoint: api.url, publicKey, seal })
      running.push(subgraph)
      return subgraph
    },
    async close() {
      for (const subgraph of running) await subgraph.stop()
      await admin.end()
      await api.close()
      await database.drop()
    },
  }
}

async function startSubgraph(
  create: (env: NodeJS.ProcessEnv, log: Logger) => Promise<Service>,
  { endpoint, publicKey, seal }: { endpoint: string; publicKey: JWK; seal: SealPassport },
): Promise<RunningSubgraph> {
  const service = await create(
    {
      PORT: String(await freePort()),
      PASSPORT_PUBLIC_KEY: JSON.stringify(publicKey),
      CURSOR_SECRET: randomBytes(32).toString('base64url'),
      REDSHIFT_DATA_ENDPOINT: endpoint,
      WAREHOUSE_SECRET_ARN: READER,
    },
    silent,
  )
  const { url } = await service.listen()
  const sealFor = (tenant: string, knownAt: string) => {
    const expiresAt = new Date(Date.now() + 60_000)
    return seal({
      caller: { tenant, client: 'test', subject: `${tenant}-client`, scopes: new Set(), expiresAt },
      channel: 'GRAPHQL',
      atLeastEpoch: 0,
      knownAt,
    })
  }
  return {
    url,
    async ask(tenant, query, { variables, knownAt = new Date().toISOString(), passport } = {}) {
      const sealed = passport === undefined ? await sealFor(tenant, knownAt) : passport
      const response = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...(sealed === null ? {} : { [PASSPORT_HEADER]: sealed }) },
        body: JSON.stringify({ query, variables }),
      })
      const text = await response.text()
      return { status: response.status, text, ...JSON.parse(text) }
    },
    stop: () => service.drain(),
  }
}
