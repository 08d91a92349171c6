/** One subgraph over the real data: asked as the gateway asks it, with passports sealed by a key of the test's own. */
import { fileURLToPath } from 'node:url'
import { type DataApi, startDataApi } from '@fundmesh/local/redshift-data-api/server'
import { PASSPORT_HEADER, passportSealer } from '@fundmesh/platform/identity/passport'
import { ensureLogin } from '@fundmesh/platform/postgres/login'
import type { Service } from '@fundmesh/platform/service/service'
import { createLogger, type Logger } from '@fundmesh/platform/telemetry/log'
import { exportJWK, generateKeyPair } from 'jose'
import { ingestFile } from '../../subgraphs/fund/src/ingest/ingest.ts'
import { type FreshWarehouse, freshWarehouse } from '../../subgraphs/fund/src/ingest/testing/fresh-warehouse.ts'
import { openRights } from './rights.ts'
import { ready } from './warehouse.ts'

const reader = 'arn:aws:secretsmanager:local:000000000000:secret:warehouse-reader'
const delivered = (path: string) =>
  fileURLToPath(new URL(`../../subgraphs/fund/fixtures/data/${path}`, import.meta.url))

export interface SubgraphAnswer {
  readonly status: number
  // biome-ignore lint/suspicious/noExplicitAny: the shape of the data is the test's own business
  readonly data: any
  readonly errors?: readonly { readonly message: string; readonly extensions: { readonly code: string } }[]
}

export interface SubgraphUnderTest {
  readonly url: string
  readonly warehouse: FreshWarehouse
  readonly dataApi: DataApi
  /** Resolves entities as a tenant, with `knownAt` for the operation's (default: now). */
  entities(
    tenant: string,
    representations: readonly object[],
    selection: string,
    knownAt?: string,
  ): Promise<SubgraphAnswer>
  /** Tells the subgraph of the grants that stand in the warehouse, and of the funds of its share classes. */
  publishRights(): Promise<void>
  close(): Promise<void>
}

export async function subgraphUnderTest(
  create: (env: NodeJS.ProcessEnv, log: Logger) => Promise<Service>,
): Promise<SubgraphUnderTest> {
  const log = createLogger('test', 'silent')
  const warehouse = await freshWarehouse()
  for (const [source, path] of [
    ['tsp', 'tsp/share_prices.csv.gz'],
    ['ecb', 'ecb/eurofxref-hist.csv.gz'],
  ] as const) {
    await ingestFile({ databaseUrl: warehouse.writerUrl, source, path: delivered(path) })
  }
  const database = new URL(warehouse.adminUrl).pathname.slice(1)
  const role = `${database}_warehouse_reader`
  const readerUrl = await ensureLogin(warehouse.adminUrl, { role, memberOf: 'warehouse_reader', password: 'reader' })
  const dataApi = await startDataApi({
    host: '127.0.0.1',
    port: 0,
    logins: { [reader]: readerUrl },
    database,
    log,
  })
  const { publicKey, privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true })
  const seal = await passportSealer(await exportJWK(privateKey))
  const rights = await openRights(warehouse.admin, warehouse.adminUrl)
  const service = await create(
    {
      PORT: '0',
      EVENT_LOG_URL: rights.eventLogUrl,
      PASSPORT_PUBLIC_KEY: JSON.stringify(await exportJWK(publicKey)),
      REDSHIFT_DATA_ENDPOINT: dataApi.url,
      WAREHOUSE_SECRET_ARN: reader,
      WAREHOUSE_DATABASE: database,
      ...(process.env.REDIS_URL ? { REDIS_URL: process.env.REDIS_URL } : {}),
    },
    log,
  )
  const { url } = await service.listen()
  await ready(url)
  const ask = async (tenant: string, knownAt: string, atLeastEpoch: number, body: object): Promise<SubgraphAnswer> => {
    const caller = {
      tenant,
      subject: 'test',
      client: 'test',
      scopes: new Set<string>(),
      expiresAt: new Date(Date.now() + 60_000),
    }
    const passport = await seal({ caller, channel: 'GRAPHQL', atLeastEpoch, knownAt })
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', [PASSPORT_HEADER]: passport },
      body: JSON.stringify(body),
    })
    return { status: response.status, ...((await response.json()) as Omit<SubgraphAnswer, 'status'>) }
  }

  return {
    url,
    warehouse,
    dataApi,
    async entities(tenant, representations, selection, knownAt = new Date().toISOString()) {
      const query = `query ($representations: [_Any!]!) { _entities(representations: $representations) { ${selection} } }`
      return ask(tenant, knownAt, 0, { query, variables: { representations } })
    },
    async publishRights() {
      const now = new Date().toISOString()
      for (const [tenant, epoch] of await rights.publish()) await ask(tenant, now, epoch, { query: '{ __typename }' })
    },
    async close() {
      await service.drain()
      await rights.close()
      await dataApi.close()
      await warehouse.drop()
    },
  }
}

/** What the gateway hands over for share classes. */
export const shareClasses = (...ids: readonly string[]) => ids.map((id) => ({ __typename: 'ShareClass', id }))
