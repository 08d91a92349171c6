/** What `npm start` reads from the environment; every variable has a default. */

import { join, resolve } from 'node:path'
import { parseEnv, port, wholeNumber } from '@fundmesh/platform/service/config'
import { z } from 'zod'
import { DEFAULT_PORTS, PORT_VARIABLES, type Ports } from './ports.ts'
import { ROOT } from './workspace.ts'

const portShape = Object.fromEntries(
  Object.entries(PORT_VARIABLES).map(([name, variable]) => [variable, port(DEFAULT_PORTS[name as keyof Ports])]),
)

const shape = {
  /** Where the gateway listens; everything else stays on loopback. */
  HOST: z.string().default('127.0.0.1'),
  FUNDMESH_DATA_DIR: z.string().default(join(ROOT, '.fundmesh')),
  /** Milliseconds that a replayed market day takes. */
  MARKET_DAY_MS: wholeNumber(1, 86_400_000, 3_000),
  /** Secret: the administrator's connection string of a real PostgreSQL, in place of the embedded one. */
  DATABASE_URL: z.string().startsWith('postgres').optional(),
  /** Brokers of a real Kafka, in place of the log in PostgreSQL. */
  KAFKA_BROKERS: z.string().optional(),
  /** Secret: a real Redis, in place of the cache in each process. */
  REDIS_URL: z.string().startsWith('redis').optional(),
}

export interface Settings {
  readonly host: string
  readonly dataDir: string
  readonly ports: Ports
  readonly marketDayMs: number
  readonly databaseUrl: string | undefined
  readonly kafkaBrokers: string | undefined
  readonly redisUrl: string | undefined
}

/** Throws one Error that names each wrong variable. */
export function readSettings(env: NodeJS.ProcessEnv): Settings {
  const given = parseEnv(shape, env)
  const ports = parseEnv(portShape, env) as Record<string, number>
  return {
    host: given.HOST,
    dataDir: resolve(given.FUNDMESH_DATA_DIR),
    ports: Object.fromEntries(
      Object.entries(PORT_VARIABLES).map(([name, variable]) => [name, ports[variable]]),
    ) as Ports,
    marketDayMs: given.MARKET_DAY_MS,
    databaseUrl: given.DATABASE_URL,
    kafkaBrokers: given.KAFKA_BROKERS,
    redisUrl: given.REDIS_URL,
  }
}
