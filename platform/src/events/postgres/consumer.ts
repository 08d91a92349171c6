/**
 * Reads topics over one database session, in one loop that does one thing at a time:
 *
 *     connect → listen → take partitions → ( beat → let go → commit → fetch → sleep until woken )
 *        ↑                                          │                    │
 *        └──────── the session is lost ─────────────┘                    └ close → finish, commit, leave
 *
 * A group's partitions are held by the session's locks, so they are gone with it and taken anew, from what was
 * committed. A reader without a group keeps its positions in memory and goes on where it was.
 */

import pg from 'pg'
import type { Logger } from 'pino'
import type { ConsumeOptions, Consumer, LogRecord, Position } from '../log.ts'
import { PartitionReader } from '../partition-reader.ts'
import { placeName, type TopicPartition } from '../place.ts'
import { UnknownTopic } from '../unknown-topic.ts'
import { pause, Wake } from '../wake.ts'
import { GroupSession, type PartitionPosition } from './group-session.ts'
import { RECORD_COLUMNS, type RecordRow, toRecord } from './rows.ts'

/** How often a member says that it lives and looks who else does. */
const BEAT_MS = 1_000
/** How often to look for records that no notification told of. */
const POLL_MS = 2_000
const RECONNECT_MS = 250
const MAX_RECONNECT_MS = 2_000
const RECORDS_PER_FETCH = 200

export class PostgresConsumer implements Consumer {
  readonly #url: string
  readonly #clientId: string
  readonly #options: ConsumeOptions
  readonly #log: Logger
  readonly #closing = new AbortController()
  readonly #wake = new Wake()
  readonly #readers = new Map<string, PartitionReader>()
  /** Given up, but with a record in hand; true: it has finished. */
  readonly #leaving = new Map<PartitionReader, boolean>()
  /** Moved on since the last commit. */
  readonly #moved = new Set<PartitionReader>()
  /** Readers whose partition may hold records that were not fetched. */
  readonly #behind = new Set<PartitionReader>()
  /** Where to begin; fixed in the first session. */
  #starts: readonly PartitionPosition[] | undefined
  #beatDue = true
  #lost: Error | undefined
  #running: Promise<void> = Promise.resolve()

  private constructor(url: string, clientId: string, options: ConsumeOptions, log: Logger) {
    this.#url = url
    this.#clientId = clientId
    this.#options = options
    this.#log = log
  }

  /** Resolves when the first session reads; rejects when a topic does not exist or `signal` ends the wait. */
  static open(
    url: string,
    clientId: string,
    options: ConsumeOptions,
    log: Logger,
    signal: AbortSignal,
  ): Promise<PostgresConsumer> {
    const consumer = new PostgresConsumer(url, clientId, options, log)
    return new Promise<PostgresConsumer>((resolve, reject) => {
      const abandon = () => {
        reject(new Error('the event log was closed'))
        void consumer.close()
      }
      if (signal.aborted) return abandon()
      signal.addEventListener('abort', abandon)
      const begun = () => {
        signal.removeEventListener('abort', abandon)
        resolve(consumer)
      }
      consumer.#running = consumer.#run(begun).catch(reject)
    })
  }

  seek({ topic, partition, offset }: Position): void {
    this.#readers.get(placeName({ topic, partition }))?.seek(offset)
  }

  async close(): Promise<void> {
    this.#closing.abort()
    this.#wake.wake()
    await this.#running
  }

  async #run(begun: () => void): Promise<void> {
    let pauseMs = RECONNECT_MS
    while (!this.#closing.signal.aborted) {
      try {
        await this.#session(() => {
          pauseMs = RECONNECT_MS
          begun()
        })
      } catch (error) {
        if (error instanceof UnknownTopic) throw error
        this.#trouble(error)
      }
      await pause(pauseMs, this.#closing.signal)
      pauseMs = Math.min(pauseMs * 2, MAX_RECONNECT_MS)
    }
    await Promise.all([...this.#readers.values()].map((reader) => reader.stop()))
  }

  /** Returns when the consumer is closing, throws when the session is lost. */
  async #session(begun: () => void): Promise<void> {
    const client = new pg.Client({
      connectionString: this.#url,
      application_name: this.#clientId,
      connectionTimeoutMillis: 5_000,
      // A server that does not answer is as good as gone.
      query_timeout: 15_000,
      keepAlive: true,
    })
    this.#lost = undefined
    const lost = (error?: Error) => {
      this.#lost ??= error ?? new Error('the connection to the event log ended')
      this.#wake.wake()
    }
    client.on('error', lost)
    client.on('end', () => lost())
    client.on('notification', ({ channel, payload }) => this.#hear(channel, payload))
    try {
      await client.connect()
      // The server notices a vanished host, and frees its partitions.
      await client.query('set tcp_keepalives_idle = 10; set tcp_keepalives_interval = 5; set tcp_keepalives_count = 2')
      await client.query('listen event_log; listen event_log_group')
      const partitions = await this.#findStarts(client)
      const { group } = this.#options
      if (group === undefined) await this.#readAlone(client, partitions, begun)
      else await this.#readAsMember(client, new GroupSession(client, group, this.#options.topics), partitions, begun)
    } finally {
      await endOf(client)
    }
  }

  async #readAlone(client: pg.Client, partitions: readonly PartitionPosition[], begun: () => void): Promise<void> {
    if (this.#readers.size === 0) for (const place of partitions) this.#open(place)
    for (const reader of this.#readers.values()) this.#behind.add(reader)
    begun()
    while (!this.#closing.signal.aborted) {
      this.#checkSession()
      if (!(await this.#fetch(client))) await this.#sleep()
    }
  }

  async #readAsMember(
    client: pg.Client,
    member: GroupSession,
    partitions: readonly PartitionPosition[],
    begun: () => void,
  ): Promise<void> {
    await member.join(partitions)
    begun()
    try {
      for (let beatAt = 0; !this.#closing.signal.aborted; ) {
        this.#checkSession()
        if (this.#beatDue || Date.now() >= beatAt) {
          this.#beatDue = false
          await this.#balance(member, partitions)
          beatAt = Date.now() + BEAT_MS
        }
        await this.#letGo(member)
        await this.#commit(member)
        if (!(await this.#fetch(client))) await this.#sleep(Math.max(0, beatAt - Date.now()))
      }
    } finally {
      await this.#drop()
    }
    await this.#commit(member)
    await member.leave()
  }

  /** Brings what this member reads nearer to what its share is. */
  async #balance(member: GroupSession, partitions: readonly TopicPartition[]): Promise<void> {
    const share = await member.heartbeat(partitions)
    const wanted = new Set(share.map(placeName))
    for (const [name, reader] of this.#readers) {
      if (wanted.has(name)) continue
      this.#readers.delete(name)
      this.#leaving.set(reader, false)
      void reader.stop().then(() => {
        this.#leaving.set(reader, true)
        this.#wake.wake()
      })
    }
    const held = new Set([...this.#readers.keys(), ...[...this.#leaving.keys()].map(placeName)])
    const missing = share.filter((place) => !held.has(placeName(place)))
    if (missing.length > 0) for (const place of await member.acquire(missing)) this.#open(place)
  }

  async #letGo(member: GroupSession): Promise<void> {
    for (const [reader, finished] of this.#leaving) {
      if (!finished) continue
      await this.#commit(member)
      await member.release(reader)
      this.#leaving.delete(reader)
    }
  }

  async #commit(member: GroupSession): Promise<void> {
    if (this.#moved.size === 0) return
    const positions = [...this.#moved].map(({ topic, partition, position }) => ({ topic, partition, position }))
    this.#moved.clear()
    await member.commit(positions)
  }

  /** Stops reading what the session held, when the records in hand are finished. */
  async #drop(): Promise<void> {
    const readers = [...this.#readers.values(), ...this.#leaving.keys()]
    this.#readers.clear()
    this.#leaving.clear()
    this.#behind.clear()
    await Promise.all(readers.map((reader) => reader.stop()))
    // What a lost session did not commit, the next one must not: somebody else may have gone on from there.
    if (this.#lost) this.#moved.clear()
  }

  /** True where it fetched something. */
  async #fetch(client: pg.Client): Promise<boolean> {
    const hungry = [...this.#behind].filter((reader) => reader.wantsMore)
    if (hungry.length === 0) return false
    // Before the question: what is appended from now on is told of again.
    for (const reader of hungry) this.#behind.delete(reader)
    const fetches = new Map(hungry.map((reader) => [reader, reader.fetch]))
    const { rows } = await client.query<RecordRow>(
      `select ${RECORD_COLUMNS} from unnest($1::text[], $2::int[], $3::bigint[]) a (topic, partition, from_offset)
       cross join lateral (
         select * from event_log.record r
         where r.topic = a.topic and r.partition = a.partition and r."offset" >= a.from_offset
         order by r."offset" limit $4) r`,
      [
        hungry.map(({ topic }) => topic),
        hungry.map(({ partition }) => partition),
        hungry.map(({ fetchFrom }) => fetchFrom),
        RECORDS_PER_FETCH,
      ],
    )
    const found = new Map<string, LogRecord[]>()
    for (const row of rows) {
      const name = placeName(row)
      const records = found.get(name)
      if (records) records.push(toRecord(row))
      else found.set(name, [toRecord(row)])
    }
    for (const reader of hungry) {
      const records = (found.get(placeName(reader)) ?? []).sort((a, b) => (a.offset < b.offset ? -1 : 1))
      if (records.length === RECORDS_PER_FETCH || reader.fetch !== fetches.get(reader)) this.#behind.add(reader)
      reader.offer(records, fetches.get(reader) as object)
    }
    return rows.length > 0
  }

  #open(place: PartitionPosition): void {
    const reader: PartitionReader = new PartitionReader({
      ...place,
      onRecord: this.#options.onRecord,
      onAdvance: () => {
        if (this.#options.group !== undefined) this.#moved.add(reader)
        this.#wake.wake()
      },
      onSeek: () => this.#behind.add(reader),
      onTrouble: (error) => this.#trouble(error),
    })
    this.#readers.set(placeName(place), reader)
    this.#behind.add(reader)
  }

  #hear(channel: string, payload: string | undefined): void {
    if (channel === 'event_log_group') {
      if (payload !== this.#options.group) return
      this.#beatDue = true
    } else {
      for (const reader of this.#readers.values()) if (reader.topic === payload) this.#behind.add(reader)
    }
    this.#wake.wake()
  }

  #lastPoll = Date.now()

  async #sleep(ms = POLL_MS): Promise<void> {
    await this.#wake.sleep(ms)
    if (Date.now() - this.#lastPoll < POLL_MS) return
    this.#lastPoll = Date.now()
    for (const reader of this.#readers.values()) this.#behind.add(reader)
  }

  #checkSession(): void {
    if (this.#lost) throw this.#lost
  }

  /** The partitions, each with where reading begins if nothing else is known. */
  async #findStarts(client: pg.Client): Promise<readonly PartitionPosition[]> {
    if (this.#starts) return this.#starts
    const { topics, from } = this.#options
    const { rows } = await client.query<{ topic: string; partition: number; next_offset: string }>(
      'select topic, partition, next_offset from event_log.partition_head where topic = any($1) order by 1, 2',
      [topics],
    )
    const missing = topics.filter((topic) => !rows.some((row) => row.topic === topic))
    if (missing.length > 0) throw new UnknownTopic(missing.join(', '))
    this.#starts = rows.map(({ topic, partition, next_offset }) => {
      if (from === 'latest') return { topic, partition, position: BigInt(next_offset) }
      const given =
        from === 'earliest' ? undefined : from.find((at) => at.topic === topic && at.partition === partition)
      return { topic, partition, position: given?.offset ?? 0n }
    })
    return this.#starts
  }

  #trouble(cause: unknown): void {
    const error = cause instanceof Error ? cause : new Error(String(cause))
    this.#log.warn(
      { err: error, topics: this.#options.topics, group: this.#options.group },
      'event log: reading was disturbed',
    )
    this.#options.onTrouble?.(error)
  }
}

/** Ends the connection, without waiting long for a server that does not answer. */
async function endOf(client: pg.Client): Promise<void> {
  const ended = new AbortController()
  await Promise.race([client.end().catch(() => {}), pause(1_000, ended.signal)])
  ended.abort()
}
