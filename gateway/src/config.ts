import { fileURLToPath } from 'node:url'
import { accessPolicies } from '@fundmesh/contracts/access'
import { operationsFolder } from '@fundmesh/contracts/operations'
import { eventLogEnv, jwk, parseEnv, port, serverEnv, wholeNumber } from '@fundmesh/platform/service/config'
import { z } from 'zod'
import { authorizationModes } from './access/permit.ts'

const contracts = (path: string) => fileURLToPath(new URL(`../../contracts/${path}`, import.meta.url))
const committedSupergraph = contracts('graph/supergraph.graphql')
const committedBudgets = contracts('access/budgets.yaml')

const shape = {
  ...serverEnv,
  ...eventLogEnv,
  PORT: port(4000),
  /** The supergraph's file. */
  SUPERGRAPH: z.string().default(committedSupergraph),
  /** The folder of Cedar policies; `schema.cedarschema` beside it, where there is one, is enforced. */
  ACCESS_POLICIES: z.string().default(accessPolicies),
  /** The folder in which audit entries wait for the event log; it belongs to this process. Without one they wait in memory. */
  AUDIT_DIR: z.string().optional(),
  /** Who sees which part of the graph; default: of our own supergraph our own file, of another one everybody sees all. */
  ACCESS_AUDIENCES: z.string().optional(),
  /** The folder of trusted documents, `<app>/<name>.graphql`; default: of our own supergraph our own. */
  TRUSTED_DOCUMENTS: z.string().optional(),
  /** What becomes of what a caller may not read (access/permit.ts). */
  AUTHORIZATION_MODE: z.enum(authorizationModes).default('null'),
  JWKS_URL: z.url(),
  /** Seconds after which the keys are read again: a key that the provider took back is refused by then. */
  JWKS_REFRESH_SECONDS: wholeNumber(1, 86_400, 300),
  /** Seconds for which the keys that are known go on while the provider cannot be reached. */
  JWKS_MAX_STALE_SECONDS: wholeNumber(1, 604_800, 3_600),
  JWT_ISSUER: z.string().min(1),
  JWT_AUDIENCE: z.string().min(1),
  /** Secret: the Ed25519 key that seals passports, as a JWK. */
  PASSPORT_PRIVATE_KEY: jwk,
  /** Origins of pages that may call the gateway from a browser, comma separated; none by default. */
  CORS_ORIGINS: z
    .string()
    .transform((list) =>
      list
        .split(',')
        .map((origin) => origin.trim())
        .filter(Boolean),
    )
    .default([]),
  /** How much each tenant may ask for. */
  BUDGETS: z.string().default(committedBudgets),
  /** Secret: the Redis in which all gateways count budgets together; without it each counts by itself. */
  REDIS_URL: z.url().optional(),
  /** Put before every key in Redis: a namespace in one that is shared. */
  REDIS_PREFIX: z.string().default('fundmesh:'),
  /** Whether a POST is refused that a browser could have sent for a page of another origin. */
  CSRF_PREVENTION: z.enum(['on', 'off']).default('on'),
  /** Milliseconds that one fetch from a subgraph may take. */
  FETCH_TIMEOUT_MS: wholeNumber(1, 600_000, 10_000),
}

/** `SUBGRAPH_URL_<NAME>` overrides the routing URL that the supergraph gives for a subgraph. */
export function parseConfig(env: NodeJS.ProcessEnv) {
  const subgraphUrls = new Map(
    Object.entries(env).flatMap(([name, url]) =>
      name.startsWith('SUBGRAPH_URL_') && url ? [[name.slice('SUBGRAPH_URL_'.length).toLowerCase(), url] as const] : [],
    ),
  )
  const config = parseEnv(shape, env)
  const isOurs = config.SUPERGRAPH === committedSupergraph
  return {
    ...config,
    subgraphUrls,
    audiencesFile: config.ACCESS_AUDIENCES ?? (isOurs ? contracts('access/audiences.yaml') : undefined),
    documentsFolder: config.TRUSTED_DOCUMENTS ?? (isOurs ? operationsFolder : undefined),
  }
}
