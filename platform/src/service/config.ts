import type { JWK } from 'jose'
import { z } from 'zod'

/** Where a service listens. */
export const serverEnv = {
  HOST: z.string().default('127.0.0.1'),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
}

/** A whole number in a range, with a default. */
export const wholeNumber = (min: number, max: number, fallback: number) =>
  z
    .string()
    .transform((text, context) => {
      const number = /^\d+$/.test(text) ? Number(text) : Number.NaN
      if (number >= min && number <= max) return number
      context.addIssue({ code: 'custom', message: `expected a whole number from ${min} to ${max}; got "${text}"` })
      return z.NEVER
    })
    .default(fallback)

/** A port with the service's own default; 0 takes any free one. */
export const port = (fallback: number) => wholeNumber(0, 65_535, fallback)

/** A JSON Web Key as JSON text. */
export const jwk = z.string().transform((text, context): JWK => {
  try {
    const key = JSON.parse(text)
    if (typeof key?.kty === 'string') return key
  } catch {}
  context.addIssue({ code: 'custom', message: 'expected a JSON Web Key as JSON' })
  return z.NEVER
})

/** What a subgraph needs to open passports. */
export const passportEnv = { PASSPORT_PUBLIC_KEY: jwk }

/** The key that signs cursors. */
export const cursorEnv = { CURSOR_SECRET: z.string().min(32) }

/** Where the warehouse is: in AWS without an endpoint, on one machine with one. */
export const warehouseEnv = {
  REDSHIFT_DATA_ENDPOINT: z.url().optional(),
  WAREHOUSE_WORKGROUP: z.string().default('fundmesh'),
  WAREHOUSE_DATABASE: z.string().default('fundmesh'),
  WAREHOUSE_SECRET_ARN: z.string().startsWith('arn:'),
}

/** What those settings say, as the warehouse's clients take it. */
export const warehouseOptions = (config: z.infer<z.ZodObject<typeof warehouseEnv>>) => ({
  endpoint: config.REDSHIFT_DATA_ENDPOINT,
  workgroup: config.WAREHOUSE_WORKGROUP,
  database: config.WAREHOUSE_DATABASE,
  secretArn: config.WAREHOUSE_SECRET_ARN,
})

/** Where the event log is: Kafka if brokers are named, PostgreSQL otherwise. */
export const eventLogEnv = {
  KAFKA_BROKERS: z
    .string()
    .transform((list) =>
      list
        .split(',')
        .map((broker) => broker.trim())
        .filter(Boolean),
    )
    .optional(),
  /** Put before every topic and group name: a namespace in a shared Kafka. */
  EVENT_TOPIC_PREFIX: z
    .string()
    .regex(/^[A-Za-z0-9._-]*$/)
    .default(''),
  EVENT_LOG_URL: z.string().startsWith('postgres').optional(),
}

/** What those settings say, as the event log is opened with. */
export const eventLogOptions = (config: z.infer<z.ZodObject<typeof eventLogEnv>>) => ({
  kafkaBrokers: config.KAFKA_BROKERS,
  postgresUrl: config.EVENT_LOG_URL,
  topicPrefix: config.EVENT_TOPIC_PREFIX,
})

/** Reads a service's settings. Throws one Error that names each wrong variable and what was expected, and never the value of a secret. */
export function parseEnv<Shape extends z.ZodRawShape>(shape: Shape, env: NodeJS.ProcessEnv) {
  // An empty variable is one that was not set: that is how shells and manifests write it.
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''))
  const parsed = z.object(shape).safeParse(given)
  if (parsed.success) return parsed.data
  const reasons = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`)
  throw new Error(`environment: ${reasons.join('; ')}`)
}
