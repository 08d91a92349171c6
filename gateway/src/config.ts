import { resolve } from 'node:path'
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
  /** Seconds after which the file is looked at again: a new supergraph is switched to while running; 0: never. */
  SUPERGRAPH_WATCH_SECONDS: wholeNumber(0, 3_600, 5),
  /**
   * The folder of Cedar policies; `schema.cedarschema` beside it, where there is one, is enforced. Default: of our own
   * supergraph our own; of another one none, and then every policy is denied.
   */
  ACCESS_POLICIES: z.string().optional(),
  /** The folder in which audit entries wait for the event log; it belongs to this process. Without one they wait in memory. */
  AUDIT_DIR: z.string().optional(),
  /** Who sees which part of the graph; default: of our own supergraph our own file, of another one everybody sees all. */
  ACCESS_AUDIENCES: z.string().optional(),
  /** The folder of trusted documents, `<app>/<name>.graphql`; default: of our own supergraph our own. */
  TRUSTED_DOCUMENTS: z.string().optional(),
  /** `off`: the schema may not be asked for, whatever an audience may. */
  INTROSPECTION: z.enum(['on', 'off']).default('on'),
  /** `on`: clients may teach the gateway documents by asking them, and then ask by their hash (automatic persisted queries). */
  APQ: z.enum(['on', 'off']).default('off'),
  /** `on`: where nobody has an identity (ACCESS=open), anybody may read query plans and timings; else administrators only. */
  PLANS_FOR_ANYBODY: z.enum(['on', 'off']).default('off'),
  /** What becomes of what a caller may not read (access/permit.ts). */
  AUTHORIZATION_MODE: z.enum(authorizationModes).default('null'),
  /** `required`: only with a token; `optional`: also without one; `open`: nobody has an identity. */
  ACCESS: z.enum(['required', 'optional', 'open']).default('required'),
  JWKS_URL: z.url().optional(),
  /** Seconds after which the keys are read again: a key that the provider took back is refused by then. */
  JWKS_REFRESH_SECONDS: wholeNumber(1, 86_400, 300),
  /** Seconds for which the keys that are known go on while the provider cannot be reached. */
  JWKS_MAX_STALE_SECONDS: wholeNumber(1, 604_800, 3_600),
  /** Who must have issued a token, and for whom. Of another supergraph than ours: not looked at where it is left out. */
  JWT_ISSUER: z.string().min(1).optional(),
  JWT_AUDIENCE: z.string().min(1).optional(),
  /** Secret: the Ed25519 key that seals passports, as a JWK. Without one, subgraphs are sent none. */
  PASSPORT_PRIVATE_KEY: jwk.optional(),
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
  /** How much each tenant may ask for; default: where things are granted to tenants our own, else nothing is counted. */
  BUDGETS: z.string().optional(),
  /** Secret: the Redis in which all gateways count budgets together; without it each counts by itself. */
  REDIS_URL: z.url().optional(),
  /** Put before every key in Redis: a namespace in one that is shared. */
  REDIS_PREFIX: z.string().default('fundmesh:'),
  /** Whether a POST is refused that a browser could have sent for a page of another origin. */
  CSRF_PREVENTION: z.enum(['on', 'off']).default('on'),
  /** Labels of progressive `@override`s that are on for everybody, comma separated; `percent(x)` decides by itself. */
  OVERRIDE_LABELS: z
    .string()
    .transform((list) =>
      list
        .split(',')
        .map((label) => label.trim())
        .filter(Boolean),
    )
    .default([]),
  /** Milliseconds that the plan of one operation may take. */
  PLANNING_TIMEOUT_MS: wholeNumber(1, 600_000, 3_000),
  /** Milliseconds that one fetch from a subgraph may take. */
  FETCH_TIMEOUT_MS: wholeNumber(1, 600_000, 10_000),
  /** Milliseconds that a query or mutation may take in all; what is not fetched by then is an error of its place. */
  REQUEST_TIMEOUT_MS: wholeNumber(1, 600_000, 15_000),
  /** To which subgraphs queries are sent without waiting for the answer before: `on`, `off`, or names, comma separated. */
  PIPELINING: z
    .string()
    .default('on')
    .transform((value) =>
      value === 'on' || value === 'off'
        ? value
        : value
            .split(',')
            .map((name) => name.trim())
            .filter(Boolean),
    ),
  /** Whether what several callers ask at once is asked of a subgraph once, where nothing can make their answers differ. */
  COALESCING: z.enum(['on', 'off']).default('on'),
}

/** What can be set. */
export const settings: readonly string[] = Object.keys(shape)

/** What our own supergraph is not served without. */
const ours = ['JWKS_URL', 'JWT_ISSUER', 'JWT_AUDIENCE', 'PASSPORT_PRIVATE_KEY'] as const

/** `SUBGRAPH_URL_<NAME>` overrides the routing URL that the supergraph gives for a subgraph. */
export function parseConfig(env: NodeJS.ProcessEnv) {
  const subgraphUrls = new Map(
    Object.entries(env).flatMap(([name, url]) =>
      name.startsWith('SUBGRAPH_URL_') && url ? [[name.slice('SUBGRAPH_URL_'.length).toLowerCase(), url] as const] : [],
    ),
  )
  const config = parseEnv(shape, env)
  const isOurs = resolve(config.SUPERGRAPH) === committedSupergraph
  const hasEventLog = config.EVENT_LOG_URL !== undefined || (config.KAFKA_BROKERS ?? []).length > 0
  const missing: string[] = isOurs ? ours.filter((setting) => config[setting] === undefined) : []
  if (isOurs && !hasEventLog) missing.push('KAFKA_BROKERS or EVENT_LOG_URL')
  if (config.PLANS_FOR_ANYBODY === 'on' && config.ACCESS !== 'open')
    throw new Error(`environment: PLANS_FOR_ANYBODY: expected ACCESS=open with it; got ACCESS=${config.ACCESS}`)
  if (config.ACCESS === 'required' && !config.JWKS_URL && !isOurs) missing.push('JWKS_URL (or ACCESS=optional)')
  if (missing.length > 0) throw new Error(`environment: expected ${missing.join(', ')}; got nothing`)
  return {
    ...config,
    subgraphUrls,
    hasEventLog,
    policiesFolder: config.ACCESS_POLICIES ?? (isOurs ? accessPolicies : undefined),
    audiencesFile: config.ACCESS_AUDIENCES ?? (isOurs ? contracts('access/audiences.yaml') : undefined),
    budgetsFile: config.BUDGETS ?? (hasEventLog ? committedBudgets : undefined),
    documentsFolder: config.TRUSTED_DOCUMENTS ?? (isOurs ? operationsFolder : undefined),
  }
}

export type Config = ReturnType<typeof parseConfig>
