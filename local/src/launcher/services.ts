/** The six services of a mesh: where each one's program is, and the environment it is given. */
import type { JWK } from 'jose'
import type { Logins } from './provision.ts'
import type { Secrets } from './secrets.ts'

export const SUBGRAPHS = ['fund', 'performance', 'risk', 'entitlement', 'marketplace'] as const
export type SubgraphName = (typeof SUBGRAPHS)[number]
export type ServiceName = SubgraphName | 'gateway'
export const SERVICES: readonly ServiceName[] = [...SUBGRAPHS, 'gateway']

/** In the place of AWS Secrets Manager: the Data API takes an ARN and finds the login behind it. */
export const READER_SECRET_ARN = 'arn:aws:secretsmanager:local:000000000000:secret:warehouse-reader'
export const GRANTS_SECRET_ARN = 'arn:aws:secretsmanager:local:000000000000:secret:warehouse-grants'
export const STRUCTURE_SECRET_ARN = 'arn:aws:secretsmanager:local:000000000000:secret:warehouse-structure'

/** What the services are told of their surroundings. */
export interface Surroundings {
  readonly host: string
  readonly ports: Readonly<Record<ServiceName, number>>
  readonly secrets: Secrets
  readonly logins: Logins
  readonly database: string
  readonly dataApiUrl: string
  readonly identity: { readonly issuer: string; readonly jwksUrl: string; readonly audience: string }
  /** Pages that may call the gateway. */
  readonly origins: readonly string[]
  readonly kafkaBrokers: string | undefined
  readonly topicPrefix?: string | undefined
  readonly redisUrl: string | undefined
  /** Where the gateway's audit entries wait. */
  readonly auditDir: string
}

export function workspaceOf(service: ServiceName): string {
  return service === 'gateway' ? 'gateway' : `subgraphs/${service}`
}

/** The whole environment of each service: ours without what is only for us, and then its own. */
export function environments(around: Surroundings): Record<ServiceName, NodeJS.ProcessEnv> {
  const { secrets, logins, ports, identity } = around
  const json = (key: JWK) => JSON.stringify(key)
  const eventLog = {
    ...(around.kafkaBrokers ? { KAFKA_BROKERS: around.kafkaBrokers } : { EVENT_LOG_URL: logins.eventLog }),
    EVENT_TOPIC_PREFIX: around.topicPrefix,
  }
  const subgraph = {
    ...inherited(),
    ...eventLog,
    HOST: '127.0.0.1',
    PASSPORT_PUBLIC_KEY: json(secrets.passportPublicKey),
    REDSHIFT_DATA_ENDPOINT: around.dataApiUrl,
    WAREHOUSE_DATABASE: around.database,
    WAREHOUSE_SECRET_ARN: READER_SECRET_ARN,
    // The local Data API asks for a signature, as AWS does, and knows no keys.
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_REGION: 'eu-central-1',
    // Seven lines in every log about the Node of 2027.
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  }
  const cursors = { CURSOR_SECRET: secrets.cursorSecret }
  return {
    fund: {
      ...subgraph,
      ...cursors,
      PORT: String(ports.fund),
      WAREHOUSE_STRUCTURE_SECRET_ARN: STRUCTURE_SECRET_ARN,
    },
    performance: { ...subgraph, PORT: String(ports.performance), REDIS_URL: around.redisUrl },
    risk: { ...subgraph, PORT: String(ports.risk), REDIS_URL: around.redisUrl },
    entitlement: {
      ...subgraph,
      ...cursors,
      PORT: String(ports.entitlement),
      DATABASE_URL: logins.entitlement,
      WAREHOUSE_GRANTS_SECRET_ARN: GRANTS_SECRET_ARN,
    },
    marketplace: { ...subgraph, ...cursors, PORT: String(ports.marketplace) },
    gateway: {
      ...inherited(),
      ...eventLog,
      HOST: around.host,
      PORT: String(ports.gateway),
      PASSPORT_PRIVATE_KEY: json(secrets.passportPrivateKey),
      JWKS_URL: identity.jwksUrl,
      AUDIT_DIR: around.auditDir,
      JWT_ISSUER: identity.issuer,
      JWT_AUDIENCE: identity.audience,
      CORS_ORIGINS: around.origins.join(','),
      REDIS_URL: around.redisUrl,
      REDIS_PREFIX: `fundmesh:${around.topicPrefix ?? ''}`,
      ...Object.fromEntries(
        SUBGRAPHS.map((name) => [`SUBGRAPH_URL_${name.toUpperCase()}`, `http://127.0.0.1:${ports[name]}/graphql`]),
      ),
    },
  }
}

/** Variables that mean us, or a store or an account of the person at the terminal: no service may act on them. */
const OURS = /^(HOST|PORT|.*_PORT|DATABASE_URL|KAFKA_BROKERS|REDIS_URL|EVENT_LOG_URL|PG[A-Z]+|AWS_.*|npm_.*)$/

/** Our environment as a service may have it; also for the loaders. */
export function inherited(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !OURS.test(name)))
}
