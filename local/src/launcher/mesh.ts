/**
 * A whole Fundmesh on one machine, from the database to the gateway: what `npm start` runs, and what system tests start
 * on other ports. Read `startMesh` from top to bottom; each stage hands on what the next one needs.
 */
import { chmodSync, createWriteStream, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { ensureDatabase } from '@fundmesh/platform/postgres/database'
import { startEmbeddedPostgres } from '@fundmesh/platform/postgres/embedded'
import { createLogger, type Logger } from '@fundmesh/platform/telemetry/log'
import { tenantById } from '../demo-tenants.ts'
import { startGraphiQL } from '../graphiql/server.ts'
import { GRAPH_AUDIENCE, type IdentityProvider, startIdentityProvider } from '../identity/provider.ts'
import { requestToken } from '../identity/token-request.ts'
import { startMarket } from '../market/market.ts'
import { startDataApi } from '../redshift-data-api/server.ts'
import { closingStack } from './closing-stack.ts'
import { checkPortsAreFree, type Ports } from './ports.ts'
import { databaseName, provision } from './provision.ts'
import { loadSecrets } from './secrets.ts'
import { type ServiceProcess, serviceProcess } from './service-process.ts'
import {
  environments,
  GRANTS_SECRET_ARN,
  READER_SECRET_ARN,
  SERVICES,
  type ServiceName,
  STRUCTURE_SECRET_ARN,
  workspaceOf,
} from './services.ts'
import { loadShippedData } from './shipped-data.ts'
import { programArguments } from './workspace.ts'

export interface MeshOptions {
  /** Keys, logs, and the embedded PostgreSQL. Made if it is not there. */
  readonly dataDir: string
  readonly ports: Ports
  /** Where the gateway listens; default 127.0.0.1. */
  readonly host?: string
  /** The administrator's connection string; without it, an embedded PostgreSQL is started. */
  readonly databaseUrl?: string | undefined
  /** Kafka as event log, comma separated; without it, the log is in PostgreSQL. */
  readonly kafkaBrokers?: string | undefined
  readonly redisUrl?: string | undefined
  /** Put before every topic and group name: a namespace in a shared Kafka. */
  readonly topicPrefix?: string | undefined
  /** Milliseconds that a market day takes; null: no market. */
  readonly marketDayMs: number | null
  /** More environment for single services, for tests. */
  readonly env?: Partial<Record<ServiceName, NodeJS.ProcessEnv>>
  /** Told what happens, in words for the person at the terminal. */
  readonly tell?: (message: string) => void
  /** Aborting it while the mesh starts ends what has been started, and `startMesh` rejects. */
  readonly signal?: AbortSignal
}

export interface Mesh {
  readonly urls: {
    /** Without a path: `http://127.0.0.1:4000`. */
    readonly gateway: string
    readonly graphiql: string
    readonly identity: string
    readonly dataApi: string
    readonly subgraphs: Readonly<Record<Exclude<ServiceName, 'gateway'>, string>>
    /** The administrator's connection string. */
    readonly database: string
  }
  /** A fresh access token of a demo tenant; `ttl`: seconds. */
  token(tenant: string, scope?: string, ttl?: number): Promise<string>
  readonly identity: Pick<IdentityProvider, 'rotateKeys' | 'withdrawOldKeys'>
  /** The process of a service; undefined while it does not run. */
  pid(service: ServiceName): number | undefined
  /** Ends a service as a crash would, and leaves it ended. */
  kill(service: ServiceName): Promise<void>
  /** Starts a service anew, and resolves when it is ready. */
  restart(service: ServiceName): Promise<void>
  /** Settles with the reason when the mesh cannot go on (its PostgreSQL ended by itself). */
  readonly failed: Promise<string>
  /** Ends everything, within three seconds. Idempotent. */
  close(): Promise<void>
}

/** Milliseconds that the services get to drain, and then the local parts, so that PostgreSQL still ends within three seconds. */
const SERVICES_GRACE_MS = 1_200
const LOCAL_GRACE_MS = 500

/** Resolves when every service is ready. Rejects with one sentence, leaving nothing behind. */
export async function startMesh(options: MeshOptions): Promise<Mesh> {
  const { dataDir, ports, host = '127.0.0.1', kafkaBrokers, redisUrl, tell = () => {} } = options
  const closing = closingStack()
  const aborted = new AbortController()
  /** PostgreSQL's own word of what is wrong: whoever was talking to it knows only that it went away. */
  let postgresComplaint: string | undefined
  const stop = () => {
    aborted.abort(new Error('stopped while starting'))
    return closing.close()
  }
  options.signal?.addEventListener('abort', stop, { once: true })

  try {
    options.signal?.throwIfAborted()
    const { postgres: postgresPort, ...servicePorts } = ports
    await checkPortsAreFree(options.databaseUrl ? servicePorts : ports, host)
    const logs = prepareFolder(dataDir)
    const secrets = await loadSecrets(join(dataDir, 'secrets.json'))

    let failed = new Promise<string>(() => {})
    let adminUrl = options.databaseUrl
    if (adminUrl === undefined) {
      const writeLine = lineWriter(join(logs, 'postgres.log'))
      const postgres = await startEmbeddedPostgres({
        dataDir: join(dataDir, 'postgres'),
        port: postgresPort,
        log: (line) => {
          if (/PANIC|No space left/.test(line)) postgresComplaint ??= line
          writeLine(line)
        },
      })
      closing.add(() => postgres.stop())
      failed = postgres.ended.then(() => `PostgreSQL ended by itself; ${join(logs, 'postgres.log')} says why.`)
      adminUrl = await ensureDatabase(postgres.url, 'fundmesh')
    }

    const database = databaseName(adminUrl)
    const logins = await provision({ adminUrl, loginSecret: secrets.loginSecret, eventLog: !kafkaBrokers })
    await loadShippedData({ adminUrl, tell, signal: aborted.signal })
    aborted.signal.throwIfAborted()

    const local = { host: '127.0.0.1', log: fileLogger('local', join(logs, 'local.log')) }
    const gatewayUrl = `http://${host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host}:${ports.gateway}`
    const token = (tenant: string, scope?: string, ttl?: number) =>
      requestToken({
        tenant: tenantById(tenant),
        identityUrl: new URL(`http://127.0.0.1:${ports.identity}`),
        scope,
        ttl,
      })
    const [dataApi, identity, graphiql] = await Promise.all([
      startDataApi({
        ...local,
        port: ports.dataApi,
        database,
        logins: {
          [READER_SECRET_ARN]: logins.warehouseReader,
          [GRANTS_SECRET_ARN]: logins.warehouseGrants,
          [STRUCTURE_SECRET_ARN]: logins.warehouseStructure,
        },
      }),
      startIdentityProvider({ ...local, port: ports.identity, keysFile: join(dataDir, 'identity-keys.json') }),
      startGraphiQL({ ...local, port: ports.graphiql, gatewayUrl: `${gatewayUrl}/graphql`, token }),
    ])
    closing.add(() => within(LOCAL_GRACE_MS, Promise.all([dataApi.close(), identity.close(), graphiql.close()])))

    const surroundings = environments({
      host,
      ports,
      secrets,
      logins,
      database,
      dataApiUrl: dataApi.url,
      identity: { issuer: identity.issuer, jwksUrl: identity.jwksUrl, audience: GRAPH_AUDIENCE },
      origins: [graphiql.url, graphiql.url.replace('127.0.0.1', 'localhost')],
      kafkaBrokers,
      redisUrl,
      auditDir: join(dataDir, 'audit'),
      topicPrefix: options.topicPrefix,
    })
    const services = new Map<ServiceName, ServiceProcess>()
    for (const name of SERVICES) {
      const url = name === 'gateway' ? gatewayUrl : `http://127.0.0.1:${ports[name]}`
      const env = { ...surroundings[name], ...options.env?.[name] }
      const args = programArguments(workspaceOf(name), 'main')
      services.set(name, serviceProcess({ name, args, env, url, logFile: join(logs, `${name}.log`), tell }))
    }
    closing.add(() => Promise.all([...services.values()].map((service) => service.stop(SERVICES_GRACE_MS))))
    aborted.signal.throwIfAborted()
    tell('Starting the five subgraphs and the gateway …')
    await Promise.all([...services.values()].map((service) => service.start()))

    if (options.marketDayMs !== null) {
      const market = await startMarket({
        databaseUrl: logins.warehouseWriter,
        eventLog: {
          kafkaBrokers: kafkaBrokers?.split(','),
          postgresUrl: logins.eventLog,
          topicPrefix: options.topicPrefix,
        },
        dayMs: options.marketDayMs,
        log: fileLogger('market', join(logs, 'market.log')),
      })
      closing.add(() => within(LOCAL_GRACE_MS, market.close()))
    }
    aborted.signal.throwIfAborted()

    const service = (name: ServiceName) => services.get(name)!
    const { gateway: _, ...subgraphs } = Object.fromEntries(
      SERVICES.map((name) => [name, service(name).url]),
    ) as Record<ServiceName, string>
    return {
      urls: {
        gateway: gatewayUrl,
        graphiql: graphiql.url,
        identity: identity.issuer,
        dataApi: dataApi.url,
        subgraphs,
        database: adminUrl,
      },
      token,
      identity,
      pid: (name) => service(name).pid,
      kill: (name) => service(name).kill(),
      async restart(name) {
        await service(name).stop(SERVICES_GRACE_MS)
        await service(name).start()
      },
      failed,
      close: stop,
    }
  } catch (error) {
    await stop()
    throw postgresComplaint === undefined
      ? error
      : new Error(`PostgreSQL failed: ${postgresComplaint}`, { cause: error })
  } finally {
    options.signal?.removeEventListener('abort', stop)
  }
}

/** Makes the folder and its folder of logs. Others may pass through (as root, PostgreSQL is another user), not look. */
function prepareFolder(dataDir: string): string {
  const logs = join(dataDir, 'logs')
  mkdirSync(logs, { recursive: true })
  chmodSync(dataDir, 0o711)
  chmodSync(logs, 0o700)
  return logs
}

function fileLogger(name: string, file: string): Logger {
  return createLogger(name, process.env.LOG_LEVEL || 'info', createWriteStream(file))
}

function lineWriter(file: string): (line: string) => void {
  const stream = createWriteStream(file)
  return (line) => stream.write(`${line}\n`)
}

function within(ms: number, work: Promise<unknown>): Promise<unknown> {
  return Promise.race([work, new Promise((resolve) => setTimeout(resolve, ms))])
}
