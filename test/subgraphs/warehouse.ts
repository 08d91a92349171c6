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
import { openRights } from './rights.ts'

const READER = 'arn:aws:secretsmanager:local:000000000000:secret:warehouse-reader'
const STRUCTURE = 'arn:aws:secretsmanager:local:000000000000:secret:warehouse-structure'
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
  /** The tenant's entitlement epoch that the answer must know of; default: any. */
  readonly atLeastEpoch?: number
  /** A sealed passport instead of a genuine one; null sends none. */
  readonly passport?: string | null
}

export interface RunningSubgraph {
  readonly url: string
  ask(tenant: string, query: string, options?: AskOptions): Promise<Answer>
  /** Resolves when it has heard of these changes. */
  knows(epochs: ReadonlyMap<string, number>): Promise<void>
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
  const login = (group: string) =>
    ensureLogin(database.url, { role: `${database.name}_${group}`, memberOf: group, password: 'secret' })
  const api = await startDataApi({
    host: '127.0.0.1',
    port: await freePort(),
    logins: { [READER]: await login('warehouse_reader'), [STRUCTURE]: await login('warehouse_structure') },
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
  const rights = await openRights(admin, database.url)
  /** Every running subgraph knows of every grant when it resolves. */
  const publish = async () => {
    const epochs = await rights.publish()
    for (const subgraph of running) await subgraph.knows(epochs)
  }
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
      await publish()
    },
    async revoke(tenant) {
      await admin.query('delete from gold.row_grant where tenant_id = $1', [tenant])
      await publish()
    },
    async start(create) {
      const subgraph = await startSubgraph(create, {
        endpoint: api.url,
        eventLogUrl: rights.eventLogUrl,
        publicKey,
        seal,
      })
      running.push(subgraph)
      return subgraph
    },
    async close() {
      for (const subgraph of running) await subgraph.stop()
      await rights.close()
      await admin.end()
      await api.close()
      await database.drop()
    },
  }
}

async function startSubgraph(
  create: (env: NodeJS.ProcessEnv, log: Logger) => Promise<Service>,
  around: { endpoint: string; eventLogUrl: string; publicKey: JWK; seal: SealPassport },
): Promise<RunningSubgraph> {
  const { endpoint, eventLogUrl, publicKey, seal } = around
  const service = await create(
    {
      PORT: String(await freePort()),
      PASSPORT_PUBLIC_KEY: JSON.stringify(publicKey),
      CURSOR_SECRET: randomBytes(32).toString('base64url'),
      REDSHIFT_DATA_ENDPOINT: endpoint,
      WAREHOUSE_SECRET_ARN: READER,
      WAREHOUSE_STRUCTURE_SECRET_ARN: STRUCTURE,
      EVENT_LOG_URL: eventLogUrl,
    },
    silent,
  )
  const { url } = await service.listen()
  await ready(url)
  const sealFor = (tenant: string, knownAt: string, atLeastEpoch = 0) => {
    const expiresAt = new Date(Date.now() + 60_000)
    return seal({
      caller: { tenant, client: 'test', subject: `${tenant}-client`, scopes: new Set(), expiresAt },
      channel: 'GRAPHQL',
      atLeastEpoch,
      knownAt,
    })
  }
  const running: RunningSubgraph = {
    url,
    async ask(tenant, query, { variables, knownAt = new Date().toISOString(), atLeastEpoch, passport } = {}) {
      const sealed = passport === undefined ? await sealFor(tenant, knownAt, atLeastEpoch) : passport
      const response = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...(sealed === null ? {} : { [PASSPORT_HEADER]: sealed }) },
        body: JSON.stringify({ query, variables }),
      })
      const text = await response.text()
      return { status: response.status, text, ...JSON.parse(text) }
    },
    async knows(epochs) {
      for (const [tenant, atLeastEpoch] of epochs) await running.ask(tenant, '{ __typename }', { atLeastEpoch })
    },
    stop: () => service.drain(),
  }
  return running
}

/** Resolves when the service says that it can answer. */
export async function ready(url: string): Promise<void> {
  const deadline = Date.now() + 30_000
  while ((await fetch(`${url}/ready`)).status !== 200) {
    if (Date.now() > deadline) throw new Error('expected the service to be ready within 30 s')
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
