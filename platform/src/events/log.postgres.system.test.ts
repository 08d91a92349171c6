import pg from 'pg'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { ensureLogin } from '../postgres/login.ts'
import { migrate } from '../postgres/migrate.ts'
import { type FreshDatabase, freshDatabase } from '../testing/database.ts'
import { eventLogConformance } from './log.conformance.ts'
import { eventMigrations } from './migrations.ts'
import { openEventLog } from './open.ts'
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

describe('the event log in PostgreSQL', () => {
  it('goes on by itself when all its connections are cut, and loses nothing', async () => {
    const log = openEventLog({ postgresUrl: url, clientId: 'cut', log: pino({ level: 'silent' }) })
    await log.ensureTopics([{ name: 'test.cut', partitions: 3, cleanup: 'delete', retentionDays: 1 }])
    const seen = { alone: new Set<string>(), member: new Set<string>() }
    const alone: string[] = []
    await log.consume({
      topics: ['test.cut'],
      from: 'latest',
      onRecord: async ({ value }) => {
        alone.push(value.toString())
        seen.alone.add(value.toString())
      },
    })
    await log.consume({
      topics: ['test.cut'],
      group: 'test.cut',
      from: 'latest',
      onRecord: async ({ value }) => {
        seen.member.add(value.toString())
      },
    })
    const producer = await log.producer()
    const admin = new pg.Client({ connectionString: database.url })
    await admin.connect()
    const appended = new Set<string>()
    for (let n = 0; n < 200; n++) {
      if (n % 40 === 20) {
        await admin.query(`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'cut'`)
      }
      const value = `${n}`
      const record = { topic: 'test.cut', key: `key-${n % 7}`, headers: {}, value: Buffer.from(value) }
      while (!appended.has(value))
        await producer.append([record]).then(
          () => appended.add(value),
          () => {},
        )
    }
    await vi.waitFor(() => expect(seen).toEqual({ alone: appended, member: appended }), { timeout: 60_000 })
    // Without a group, positions are in memory: nothing is read twice, but for what was appended twice.
    const stored: string[] = []
    for await (const { value } of log.read('test.cut')) stored.push(value.toString())
    expect(alone.sort()).toEqual(stored.sort())
    await admin.end()
    await log.close()
  })

  it('frees the partitions of a member that is silent though its session lives', async () => {
    const log = openEventLog({ postgresUrl: url, clientId: 'silent', log: pino({ level: 'silent' }) })
    await log.ensureTopics([{ name: 'test.silent', partitions: 1, cleanup: 'delete', retentionDays: 1 }])
    const frozen = new pg.Client({ connectionString: url })
    frozen.on('error', () => {})
    await frozen.connect()
    await frozen.query(`select pg_advisory_lock(hashtextextended('frozen', 0))`)
    await frozen.query(`select pg_advisory_lock(hashtextextended('event_log/test.silent/test.silent/0', 0))`)
    await frozen.query(
      `insert into event_log.group_member
       values ('test.silent', 'frozen', '{test.silent}', pg_backend_pid(), clock_timestamp() - interval '20 s')`,
    )
    const seen: string[] = []
    await log.consume({
      topics: ['test.silent'],
      group: 'test.silent',
      from: 'earliest',
      onRecord: async ({ value }) => {
        seen.push(value.toString())
      },
    })
    const producer = await log.producer()
    await producer.append([{ topic: 'test.silent', key: 'a', headers: {}, value: Buffer.from('1') }])
    await vi.waitFor(() => expect(seen).toEqual(['1']), { timeout: 60_000 })
    await log.close()
  })

  it('forgets what is past the retention, and nothing else', async () => {
    const log = new PostgresLog({ url, clientId: 'retention', log: pino({ level: 'silent' }) })
    await log.ensureTopics([{ name: 'test.old', partitions: 1, cleanup: 'delete', retentionDays: 2 }])
    const producer = await log.producer()
    const record = (value: string) => ({ topic: 'test.old', key: 'a', headers: {}, value: Buffer.from(value) })
    await producer.append(['1', '2', '3'].map(record))
    const admin = new pg.Client({ connectionString: database.url })
    await admin.connect()
    await admin.query(
      `update event_log.record set appended_at = now() - interval '49 hours' where topic = 'test.old' and "offset" < 2`,
    )
    await admin.end()
    await log.sweep('test.old')
    await producer.append([record('4')])
    const kept: string[] = []
    for await (const { offset, value } of log.read('test.old')) kept.push(`${offset}:${value}`)
    expect(kept).toEqual(['2:3', '3:4'])
    await log.close()
  })

  it('waits for a server that is not there, until it is closed', async () => {
    const log = openEventLog({
      postgresUrl: 'postgres://x:x@127.0.0.1:9/x',
      clientId: 'x',
      log: pino({ level: 'silent' }),
    })
    const trouble: Error[] = []
    const waiting = log.consume({
      topics: ['test.none'],
      from: 'latest',
      onRecord: async () => {},
      onTrouble: (error) => trouble.push(error),
    })
    const outcome = Promise.allSettled([waiting, log.ensureTopics([])])
    await vi.waitFor(() => expect(trouble.length).toBeGreaterThan(1), { timeout: 60_000 })
    await log.close()
    expect((await outcome).map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  })
})
