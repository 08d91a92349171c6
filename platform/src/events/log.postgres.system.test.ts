import { pino } from 'pino'
import { afterAll, beforeAll } from 'vitest'
import { ensureLogin } from '../postgres/login.ts'
import { migrate } from '../postgres/migrate.ts'
import { type FreshDatabase, freshDatabase } from '../testing/database.ts'
import { eventLogConformance } from './log.conformance.ts'
import { eventMigrations } from './migrations.ts'
import { PostgresLog } from './postgres/postgres-log.ts'

let database: FreshDatabase
let url: string

beforeAll(async () => {
  database = await freshDatabase()
  await migrate(database.url, eventMigrations)
  url = await ensureLogin(database.url, {
    role: `${database.name}_event_log_user`,
    memberOf: 'event_log_user',
    password: 'event-log',
  })
})
afterAll(() => database?.drop())

eventLogConformance('PostgreSQL', {
  address: () => ({ postgresUrl: url }),
  compact: async (topic) => {
    const log = new PostgresLog({ url, clientId: 'compaction', log: pino({ level: 'silent' }) })
    await log.sweep(topic)
    await log.close()
  },
})
