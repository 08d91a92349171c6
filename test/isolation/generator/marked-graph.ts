/**
 * The whole graph in one process over a marked world: the real gateway and the five real subgraphs on their own ports, the
 * real ledger, event log and row policies in PostgreSQL. Only the Data API is left out (direct-batches.ts).
 */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { topics } from '@fundmesh/contracts/events'
import { provision } from '@fundmesh/local/launcher/provision'
import { encodeEvent } from '@fundmesh/platform/events/codec'
import { openEventLog } from '@fundmesh/platform/events/open'
import { ADMIN_SCOPE } from '@fundmesh/platform/identity/caller'
import type { Service } from '@fundmesh/platform/service/service'
import { createLogger, type Logger } from '@fundmesh/platform/telemetry/log'
import { freshDatabase } from '@fundmesh/platform/testing/database'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import pg from 'pg'
import { patientGateway } from '../../patience.ts'
import { recordGrant } from './ledger.ts'
import { idMark, priceMark, valueMark } from './marks.ts'
import { type Asker, fundId, heldShareClasses, isin, portfolioId, shareClassId, tenantId, type World } from './world.ts'

const READER = 'arn:isolation:reader'
const GRANTS = 'arn:isolation:grants'
const STRUCTURE = 'arn:isolation:structure'

type Create = (env: NodeJS.ProcessEnv, log: Logger) => Promise<Service>

/** The services' own composition roots: imported by the test, which may have mutated what they stand on. */
export interface Services {
  readonly gateway: Create
  readonly subgraphs: Readonly<Record<'fund' | 'performance' | 'risk' | 'entitlement' | 'marketplace', Create>>
  /** Told the logins behind the secrets before anything is created. */
  readonly useLogins: (logins: ReadonlyMap<string, string>) => void
}

/** What services stand on: it outlives them, so that they can be replaced by others. */
export interface Ground {
  readonly admin: pg.Client
  readonly logins: ReadonlyMap<string, string>
  readonly gatewayEnv: NodeJS.ProcessEnv
  readonly subgraphEnv: NodeJS.ProcessEnv
  /** Publishes another price of each share class, marked as its own. */
  publishPrices(): Promise<void>
  token(tenant: string, scope: string, region?: string): Promise<string>
  close(): Promise<void>
}

export interface MarkedGraph {
  readonly gateway: string
  readonly subgraphs: ReadonlyMap<string, string>
  readonly admin: pg.Client
  token(asker: Asker): Promise<string>
  operatorToken(): Promise<string>
  /** Asks as the operator; throws on errors. */
  // biome-ignore lint/suspicious/noExplicitAny: the shape of the data is the caller's own business
  administer(query: string, variables: object): Promise<any>
  publishPrices(): Promise<void>
  close(): Promise<void>
}

const ISSUER = 'https://identity.isolation.example'
const AUDIENCE = 'https://graph.isolation.example'
const days = 20
const dayMs = 86_400_000
const silent = createLogger('test', 'silent')
/** Budgets are shown elsewhere; here nobody meets his. */
const budgets = `defaults:
  operationCost: 1_000_000_000
  tenant: { points: 1_000_000_000_000, seconds: 1 }
  client: { points: 1_000_000_000_000, seconds: 1 }
  streams: { open: 1_000_000, eventsPerSecond: 1_000_000 }
audiences: {}
tenants: {}
`

/** A database with the marked world in it, an identity provider, keys. */
export async function prepareGround(world: World): Promise<Ground> {
  const database = await freshDatabase()
  const logins = await provision({ adminUrl: database.url, loginSecret: 'isolation', eventLog: true })
  const admin = new pg.Client({ connectionString: database.url })
  await admin.connect()
  await fill(admin, world)

  const tokenKeys = await generateKeyPair('ES256')
  const jwks = { keys: [{ ...(await exportJWK(tokenKeys.publicKey)), kid: 'isolation', alg: 'ES256' }] }
  const provider = createServer((_, response) => {
    response.setHeader('content-type', 'application/json').end(JSON.stringify(jwks))
  })
  await new Promise<void>((resolve) => provider.listen(0, '127.0.0.1', resolve))
  const { port } = provider.address() as { port: number }

  const passportKeys = await generateKeyPair('EdDSA', { extractable: true })
  const folder = mkdtempSync(join(tmpdir(), 'fundmesh-isolation-'))
  writeFileSync(join(folder, 'budgets.yaml'), budgets)
  const shared = { HOST: '127.0.0.1', PORT: '0', EVENT_LOG_URL: logins.eventLog! }
  const market = await openMarket(world, logins.eventLog!)
  return {
    admin,
    logins: new Map([
      [READER, logins.warehouseReader],
      [GRANTS, logins.warehouseGrants],
      [STRUCTURE, logins.warehouseStructure],
    ]),
    subgraphEnv: {
      ...shared,
      PASSPORT_PUBLIC_KEY: JSON.stringify(await exportJWK(passportKeys.publicKey)),
      CURSOR_SECRET: 'a secret of this test, of thirty-two characters',
      WAREHOUSE_DATABASE: database.name,
      WAREHOUSE_SECRET_ARN: READER,
      WAREHOUSE_GRANTS_SECRET_ARN: GRANTS,
      WAREHOUSE_STRUCTURE_SECRET_ARN: STRUCTURE,
      DATABASE_URL: logins.entitlement,
    },
    gatewayEnv: {
      ...shared,
      JWKS_URL: `http://127.0.0.1:${port}/jwks`,
      JWT_ISSUER: ISSUER,
      JWT_AUDIENCE: AUDIENCE,
      PASSPORT_PRIVATE_KEY: JSON.stringify(await exportJWK(passportKeys.privateKey)),
      BUDGETS: join(folder, 'budgets.yaml'),
    },
    publishPrices: market.publishPrices,
    token: (tenant, scope, region) =>
      new SignJWT({ tenant, client_id: `${tenant}-client`, scope, ...(region && { region }) })
        .setProtectedHeader({ alg: 'ES256', kid: 'isolation', typ: 'at+jwt' })
        .setIssuer(ISSUER)
        .setAudience(AUDIENCE)
        .setSubject(`${tenant}-${region ?? 'anywhere'}`)
        .setIssuedAt()
        .setExpirationTime('12h')
        .sign(tokenKeys.privateKey),
    async close() {
      await market.close()
      provider.close()
      await admin.end()
      await database.drop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Starts the services and waits until all of them are ready. */
export async function startMarkedGraph(ground: Ground, services: Services, log = silent): Promise<MarkedGraph> {
  services.useLogins(ground.logins)
  const started: Service[] = []
  const close = async () => {
    for (const service of started.reverse()) await service.drain()
  }
  try {
    const start = async (create: Create, env: NodeJS.ProcessEnv) => {
      const service = await create(env, log)
      started.push(service)
      return (await service.listen()).url
    }
    const subgraphs = new Map<string, string>()
    for (const [name, create] of Object.entries(services.subgraphs))
      subgraphs.set(name, await start(create, ground.subgraphEnv))
    const urls = [...subgraphs].map(([name, url]) => [`SUBGRAPH_URL_${name.toUpperCase()}`, `${url}/graphql`])
    const gateway = await start(services.gateway, {
      ...patientGateway,
      ...ground.gatewayEnv,
      ...Object.fromEntries(urls),
    })
    for (const url of [...subgraphs.values(), gateway]) await untilReady(url)
    const operatorToken = () => ground.token('house', `${ADMIN_SCOPE} audit:read`)
    return {
      gateway,
      subgraphs,
      admin: ground.admin,
      token: ({ tenant, region }) => ground.token(tenantId(tenant), '', region),
      operatorToken,
      administer: administration(gateway, operatorToken),
      publishPrices: ground.publishPrices,
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

const administration =
  (gateway: string, operatorToken: () => Promise<string>): MarkedGraph['administer'] =>
  async (query, variables) => {
    const response = await fetch(`${gateway}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${await operatorToken()}` },
      body: JSON.stringify({ query, variables }),
    })
    const text = await response.text()
    const { data, errors } = JSON.parse(text)
    if (errors) throw new Error(`the operator was refused: ${text}`)
    return data
  }

const LATEST = 'asset-management.nav.latest'
const INTRADAY = 'asset-management.nav.intraday'

/** Says what the market says of each share class; the day goes back as it goes on, so that embargoes matter. */
async function openMarket(world: World, postgresUrl: string) {
  const eventLog = openEventLog({ postgresUrl, clientId: 'market', log: silent })
  await eventLog.ensureTopics([...topics.values()])
  const producer = await eventLog.producer()
  let sequence = 0
  const publishPrices = async () => {
    sequence += 1
    const time = new Date()
    const day = Math.floor(Date.now() / dayMs) - ((sequence - 1) % days)
    for (const topic of [LATEST, INTRADAY] as const) {
      await producer.append(
        world.fundOf.map((fund, number) =>
          encodeEvent({
            topic,
            type: 'asset-management.nav.published.v1',
            source: '/market',
            id: `${number}/${sequence}`,
            time,
            data: {
              shareClassId: shareClassId(number),
              fundId: fundId(fund),
              isin: isin(number),
              navDate: dateOf(day),
              navPrice: priceMark(number, day),
              priceCurrency: 'USD',
              priceNature: 'INDICATIVE',
              sequence,
              recordedAt: time.toISOString(),
            },
          }),
        ),
      )
    }
  }
  await publishPrices()
  return {
    publishPrices,
    async close() {
      await producer.close()
      await eventLog.close()
    },
  }
}

async function untilReady(url: string): Promise<void> {
  for (let turn = 0; turn < 1_800; turn++) {
    if ((await fetch(`${url}/ready`)).status === 200) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error(`${url} did not become ready`)
}

/** Registers the world's tenants and gives them their grants, as an operator does. */
export async function grantWorld(graph: MarkedGraph, world: World): Promise<void> {
  for (let tenant = 0; tenant < world.tenants; tenant++) {
    await graph.administer('mutation ($input: RegisterTenantInput!) { registerTenant(input: $input) { id } }', {
      input: { id: tenantId(tenant), name: `Tenant ${valueMark('tenant', tenant)}` },
    })
    await graph.admin.query(
      `insert into entitlement.portfolio (portfolio_id, tenant_id, name, base_currency) values ($1, $2, $3, 'USD')`,
      [portfolioId(tenant), tenantId(tenant), `Portfolio ${valueMark('tenant', tenant)}`],
    )
    for (const held of heldShareClasses(world, tenant)) {
      await graph.admin.query('insert into entitlement.position values ($1, $2, $3, $4)', [
        portfolioId(tenant),
        tenantId(tenant),
        shareClassId(held),
        '12.5',
      ])
    }
  }
  for (const grant of world.grants) await recordGrant(graph, grant)
}

async function fill(admin: pg.Client, world: World): Promise<void> {
  const funds = Array.from({ length: world.funds }, (_, fund) => fund)
  await insert(
    admin,
    'gold.fund',
    funds.map((fund) => {
      const mark = valueMark('fund', fund)
      return [fundId(fund), `Fund ${mark}`, `House ${mark}`, `Category ${mark}`, 'LU', 'USD', '2010-01-01']
    }),
  )
  await insert(
    admin,
    'gold.share_class',
    world.fundOf.map((fund, number) => [
      shareClassId(number),
      fundId(fund),
      isin(number),
      `Class ${valueMark('class', number)}`,
      'USD',
      '2010-01-01',
      number === fund,
    ]),
  )
  const today = Math.floor(Date.now() / dayMs)
  await insert(
    admin,
    'gold.nav',
    world.fundOf.flatMap((_, number) =>
      Array.from({ length: days }, (_, age) => [
        shareClassId(number),
        dateOf(today - age),
        1,
        priceMark(number, today - age),
        'USD',
        valueMark('nav', number),
        `${valueMark('nav', number)}.csv`,
        '0'.repeat(64),
        1,
        '2020-01-01',
      ]),
    ),
  )
  await insert(admin, 'gold.data_product', [
    [
      'mk:product',
      'marked-navs',
      'Marked NAVs',
      'Of every fund',
      'DAILY',
      '[{"name":"a","type":"b","description":"c"}]',
    ],
  ])
  await insert(
    admin,
    'gold.product_coverage',
    funds.map((fund) => ['mk:product', fundId(fund)]),
  )
}

const dateOf = (day: number) => new Date(day * dayMs).toISOString().slice(0, 10)

async function insert(admin: pg.Client, table: string, rows: readonly (readonly unknown[])[]): Promise<void> {
  // A statement has at most 65,535 parameters.
  for (let from = 0; from < rows.length; from += 2_000) {
    const values: unknown[] = []
    const tuples = rows
      .slice(from, from + 2_000)
      .map((row) => `(${row.map((value) => `$${values.push(value)}`).join(', ')})`)
    await admin.query(`insert into ${table} values ${tuples.join(', ')}`, values)
  }
}

/** The id of nobody. */
export const nobody = `mk:${idMark('class', 9_999)}`
