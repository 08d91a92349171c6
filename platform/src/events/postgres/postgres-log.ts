/** The event log in PostgreSQL. Its tables come from migrations/; its login is a member of `event_log_user`. */
import pg from 'pg'
import type { Logger } from 'pino'
import type { ConsumeOptions, Consumer, EventLog, LogRecord, Position, Producer, TopicSpec } from '../log.ts'
import { UnknownTopic } from '../unknown-topic.ts'
import { untilReachable } from '../until-reachable.ts'
import { PostgresConsumer } from './consumer.ts'
import { PostgresProducer } from './producer.ts'
import { RECORD_COLUMNS, type RecordRow, toRecord } from './rows.ts'
import { sweep } from './sweep.ts'
import { isUnreachable } from './unreachable.ts'

const SWEEP_MS = 60_000
const PAGE = 500

export interface PostgresLogOptions {
  readonly url: string
  readonly clientId: string
  readonly log: Logger
}

export class PostgresLog implements EventLog {
  readonly #options: PostgresLogOptions
  readonly #pool: pg.Pool
  readonly #closing = new AbortController()
  readonly #producers = new Set<Producer>()
  readonly #consumers = new Set<Promise<Consumer>>()
  readonly #sweeper: NodeJS.Timeout
  #sweeping: Promise<void> = Promise.resolve()
  #closed: Promise<void> | undefined

  constructor(options: PostgresLogOptions) {
    this.#options = options
    this.#pool = this.#newPool(4)
    this.#sweeper = setInterval(() => {
      this.#sweeping = this.sweep().catch((err) => this.#options.log.debug({ err }, 'event log: the sweep was put off'))
    }, SWEEP_MS)
    this.#sweeper.unref()
  }

  ensureTopics(topics: readonly TopicSpec[]): Promise<void> {
    return untilReachable(() => this.#ensureTopics(topics), isUnreachable, this.#closing.signal, this.#options.log)
  }

  async #ensureTopics(topics: readonly TopicSpec[]): Promise<void> {
    const client = await this.#pool.connect()
    try {
      await client.query('begin')
      // In one order: processes that start together do not wait for each other in a circle.
      for (const topic of [...topics].sort((a, b) => (a.name < b.name ? -1 : 1))) await ensureTopic(client, topic)
      await client.query('commit')
      client.release()
    } catch (error) {
      client.release(true)
      throw error
    }
  }

  async producer(): Promise<Producer> {
    this.#refuseWhenClosed()
    const producer = new PostgresProducer(this.#newPool(1))
    this.#producers.add(producer)
    return producer
  }

  consume(options: ConsumeOptions): Promise<Consumer> {
    this.#refuseWhenClosed()
    const { url, clientId, log } = this.#options
    const consumer = PostgresConsumer.open(url, clientId, options, log, this.#closing.signal)
    this.#consumers.add(consumer)
    consumer.catch(() => this.#consumers.delete(consumer))
    return consumer
  }

  async endOffsets(topic: string): Promise<readonly Position[]> {
    const { rows } = await this.#pool.query<{ partition: number; next_offset: string }>(
      'select partition, next_offset from event_log.partition_head where topic = $1 order by 1',
      [topic],
    )
    if (rows.length === 0) throw new UnknownTopic(topic)
    return rows.map(({ partition, next_offset }) => ({ topic, partition, offset: BigInt(next_offset) }))
  }

  async *read(topic: string): AsyncIterable<LogRecord> {
    for (const end of await this.endOffsets(topic)) {
      let from = 0n
      for (;;) {
        const { rows } = await this.#pool.query<RecordRow>(
          `select ${RECORD_COLUMNS} from event_log.record r
           where r.topic = $1 and r.partition = $2 and r."offset" >= $3 and r."offset" < $4
           order by r."offset" limit $5`,
          [topic, end.partition, from, end.offset, PAGE],
        )
        for (const row of rows) yield toRecord(row)
        if (rows.length < PAGE) break
        from = BigInt(rows[rows.length - 1]!.offset) + 1n
      }
    }
  }

  /** Compacts and expires now what the background sweep would. */
  sweep(topic?: string): Promise<void> {
    return sweep(this.#pool, this.#closing.signal, topic)
  }

  close(): Promise<void> {
    this.#closed ??= this.#close()
    return this.#closed
  }

  async #close(): Promise<void> {
    clearInterval(this.#sweeper)
    this.#closing.abort()
    const consumers = await Promise.allSettled(this.#consumers)
    await Promise.all(consumers.map((opened) => (opened.status === 'fulfilled' ? opened.value.close() : undefined)))
    await Promise.all([...this.#producers].map((producer) => producer.close()))
    await this.#sweeping
    await this.#pool.end()
  }

  #refuseWhenClosed(): void {
    if (this.#closed) throw new Error('the event log is closed')
  }

  #newPool(max: number): pg.Pool {
    const { url, clientId, log } = this.#options
    const pool = new pg.Pool({
      connectionString: url,
      application_name: clientId,
      max,
      connectionTimeoutMillis: 5_000,
      query_timeout: 30_000,
      keepAlive: true,
      // An idle connection does not keep a process alive.
      allowExitOnIdle: true,
    })
    // An idle connection broke; the pool makes another when one is needed.
    pool.on('error', (err) => log.debug({ err }, 'event log: an idle connection was lost'))
    return pool
  }
}

async function ensureTopic(
  client: pg.PoolClient,
  { name, partitions, cleanup, retentionDays }: TopicSpec,
): Promise<void> {
  const { rows } = await client.query<{ partitions: number }>(
    `insert into event_log.topic values ($1, $2, $3, $4)
     on conflict (name) do update set cleanup = excluded.cleanup, retention_days = excluded.retention_days
     returning partitions`,
    [name, partitions, cleanup, retentionDays ?? null],
  )
  const standing = rows[0]!.partitions
  if (standing !== partitions) {
    throw new Error(`the topic ${name} has ${standing} partitions, expected ${partitions}: they are fixed for its life`)
  }
  await client.query(
    `insert into event_log.partition_head select $1, p from generate_series(0, $2 - 1) p on conflict do nothing`,
    [name, partitions],
  )
}
