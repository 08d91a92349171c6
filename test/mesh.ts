/** The whole graph for a system test: its own database, its own ports, its own names in a shared Kafka. */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Mesh, type MeshOptions, startMesh } from '@fundmesh/local/launcher/mesh'
import { DEFAULT_PORTS, type Ports } from '@fundmesh/local/launcher/ports'
import { provision } from '@fundmesh/local/launcher/provision'
import { loadShippedData } from '@fundmesh/local/launcher/shipped-data'
import { filledDatabase } from '@fundmesh/platform/testing/database'
import { freePort } from '@fundmesh/platform/testing/port'
import { requiredService } from '@fundmesh/platform/testing/required'
import { buildSchema, type GraphQLSchema } from 'graphql'
import { patientGateway } from './patience.ts'

export interface GraphQLAnswer {
  readonly status: number
  // biome-ignore lint/suspicious/noExplicitAny: the shape of the data is the test's own business
  readonly data: any
  readonly errors?: readonly { message: string; path?: (string | number)[]; extensions: { code: string } }[]
  readonly extensions?: { knownAt: string; cost: { requested: number; actual: number } }
  /** The body's bytes, for comparisons; what is left of the budget, which each answer lessens, is left out. */
  readonly text: string
}

export interface TestMesh extends Mesh {
  /** Asks the gateway as a tenant. */
  ask(
    tenant: string,
    query: string,
    variables?: object,
    more?: { extensions?: object; scope?: string },
  ): Promise<GraphQLAnswer>
  /** The schema as a tenant sees it. */
  schemaOf(tenant: string): Promise<GraphQLSchema>
}

export interface TestMeshOptions extends Partial<MeshOptions> {
  /** The way on which everybody reaches the database; default: straight. */
  readonly through?: (databaseUrl: string) => string
}

export async function testMesh({ through = (url) => url, ...options }: TestMeshOptions = {}): Promise<TestMesh> {
  const database = await filledDatabase(async (adminUrl) => {
    await provision({ adminUrl, loginSecret: 'of the template', eventLog: true })
    await loadShippedData({ adminUrl, tell: () => {}, signal: new AbortController().signal })
  })
  const dataDir = mkdtempSync(join(tmpdir(), 'fundmesh-mesh-'))
  chmodSync(dataDir, 0o711)
  const ports = Object.fromEntries(
    await Promise.all(Object.keys(DEFAULT_PORTS).map(async (name) => [name, await freePort()] as const)),
  ) as Ports
  const mesh = await startMesh({
    dataDir,
    ports,
    databaseUrl: through(database.url),
    kafkaBrokers: requiredService('KAFKA_BROKERS'),
    redisUrl: requiredService('REDIS_URL'),
    topicPrefix: `${database.name}.`,
    marketDayMs: null,
    ...options,
    env: { ...options.env, gateway: { ...patientGateway, ...options.env?.gateway } },
  })
  const tokens = new Map<string, Promise<string>>()
  const tokenOf = (tenant: string, scope?: string) => {
    const name = `${tenant} ${scope}`
    if (!tokens.has(name)) tokens.set(name, mesh.token(tenant, scope))
    return tokens.get(name)!
  }
  return {
    ...mesh,
    async ask(tenant, query, variables, { extensions, scope } = {}) {
      const response = await fetch(`${mesh.urls.gateway}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${await tokenOf(tenant, scope)}` },
        body: JSON.stringify({ query, variables, extensions }),
      })
      const text = (await response.text()).replace(/,"remaining":\d+/, '')
      return { status: response.status, text, ...JSON.parse(text) }
    },
    async schemaOf(tenant) {
      const headers = { authorization: `Bearer ${await tokenOf(tenant)}` }
      return buildSchema(await (await fetch(`${mesh.urls.gateway}/schema.graphql`, { headers })).text())
    },
    async close() {
      await mesh.close()
      await database.drop()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}
