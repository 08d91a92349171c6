/**
 * Reads topics with one kafkajs consumer at a time:
 *
 *     connect → join → reading ( fetch → readers → commit )
 *        ↑        ↑        │ the group rebalances: join again
 *        │        └────────┤
 *        └─ crashed, or silent for too long          close → finish, commit, leave
 *
 * kafkajs only fetches and keeps the membership: a fetched batch goes into the partition's reader and the fetch is
 * over, so that a slow handler costs neither the heartbeat nor the other partitions. A full reader pauses its partition.
 * A reader without a group joins one of its own, a new one each time, which it never commits to: its positions are in
 * memory, and it goes on from them after every join. The broker forgets such a group by itself; closing deletes it.
 */
import { randomUUID } from 'node:crypto'
import type { EachBatchPayload, Kafka, Consumer as KafkaClientConsumer, KafkaMessage } from 'kafkajs'
import type { Logger } from 'pino'
import type { ConsumeOptions, Consumer, LogRecord, Position } from '../log.ts'
import { PartitionReader } from '../partition-reader.ts'
import { placeName, type TopicPartition } from '../place.ts'
import { UnknownTopic } from '../unknown-topic.ts'
import { pause, Wake } from '../wake.ts'
import { offsetsOf, withAdmin } from './admin.ts'
import { RETRY } from './client.ts'

const RECONNECT_MS = 500
const MAX_RECONNECT_MS = 2_000
/** How often to look whether the consumer still gives signs of life. */
const WATCH_MS = 1_000
/** A consumer that neither fetches nor beats for so long hangs (kafkajs does): it is replaced. */
const SILENT_MS = 20_000
const LEAVE_MS = 5_000
/** A member that vanishes loses its partitions after this time. */
const SESSION_MS = 10_000
const HEARTBEAT_MS = 1_000
/** A fetch waits so long for something new; a partition that is resumed waits for that fetch. */
const FETCH_WAIT_MS = 250

export class KafkaConsumer implements Consumer {
  readonly #kafka: Kafka
  readonly #options: ConsumeOptions
  readonly #log: Logger
  readonly #clientId: string
  #groupId = ''
  readonly #closing = new AbortController()
  readonly #wake = new Wake()
  readonly #readers = new Map<string, PartitionReader>()
  /** Moved on since the last commit. */
  readonly #moved = new Set<PartitionReader>()
  /** Assigned, but not yet told where to go on: what is fetched of them is dropped. */
  readonly #pending = new Set<string>()
  /** Paused because their reader is full. */
  readonly #full = new Set<PartitionReader>()
  /** Where to begin where the group remembers nothing; fixed once. */
  #starts: ReadonlyMap<string, bigint> | undefined
  #client: KafkaClientConsumer | undefined
  #assignment = 0
  #lastSign = 0
  #crash: Error | undefined
  #running: Promise<void> = Promise.resolve()

  private constructor(kafka: Kafka, clientId: string, options: ConsumeOptions, log: Logger) {
    this.#kafka = kafka
    this.#options = options
    this.#log = log
    this.#clientId = clientId
  }

  /** Resolves when it reads; rejects when a topic does not exist or `signal` ends the wait. */
  static open(
    kafka: Kafka,
    clientId: string,
    options: ConsumeOptions,
    log: Logger,
    signal: AbortSignal,
  ): Promise<KafkaConsumer> {
    const consumer = new KafkaConsumer(kafka, clientId, options, log)
    return new Promise<KafkaConsumer>((resolve, reject) => {
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
    if (this.#options.group === undefined && this.#groupId !== '' && !this.#crash) {
      await withAdmin(this.#kafka, (admin) => admin.deleteGroups([this.#groupId])).catch(() => {})
    }
  }

  /** Returns when the consumer is closing, throws when kafkajs gave up or hangs. */
  async #session(begun: () => void): Promise<void> {
    this.#starts ??= await this.#findStarts()
    // A new one each time: in the old one, the broker would wait for the member that was lost until its time is over.
    this.#groupId = this.#options.group ?? `${this.#clientId}.reader.${randomUUID()}`
    const client = this.#kafka.consumer({
      groupId: this.#groupId,
      sessionTimeout: SESSION_MS,
      heartbeatInterval: HEARTBEAT_MS,
      maxWaitTimeInMs: FETCH_WAIT_MS,
      allowAutoTopicCreation: false,
      // Restarting is ours: kafkajs would forget the positions of a reader without a group.
      retry: { ...RETRY, restartOnFailure: async () => false },
    })
    this.#crash = undefined
    this.#sign()
    const { CRASH, GROUP_JOIN, FETCH, HEARTBEAT } = client.events
    client.on(CRASH, ({ payload }) => this.#crashed(payload.error))
    client.on(FETCH, () => this.#sign())
    client.on(HEARTBEAT, () => this.#sign())
    client.on(GROUP_JOIN, ({ payload }) => {
      this.#sign()
      // Synchronous up to the pausing of what was assigned: kafkajs fetches as soon as this returns.
      this.#assigned(client, payload.memberAssignment).then(begun, (error) => this.#crashed(error))
    })
    this.#client = client
    try {
      await client.connect()
      await client.subscribe({ topics: [...this.#options.topics], fromBeginning: true })
      await client.run({ autoCommit: false, eachBatch: async (payload) => this.#take(client, payload) })
      await this.#watch(client)
      await Promise.all([...this.#readers.values()].map((reader) => reader.stop()))
      await this.#commit(client)
    } finally {
      this.#client = undefined
      const gone = new AbortController()
      await Promise.race([client.disconnect().catch(() => {}), pause(LEAVE_MS, gone.signal)])
      gone.abort()
    }
  }

  async #watch(client: KafkaClientConsumer): Promise<void> {
    while (!this.#closing.signal.aborted) {
      if (this.#crash) throw this.#crash
      if (Date.now() - this.#lastSign > SILENT_MS) {
        throw new Error(`the consumer gave no sign of life for ${SILENT_MS / 1_000} s`)
      }
      await this.#commit(client)
      if (this.#moved.size === 0 || this.#crash) await this.#wake.sleep(WATCH_MS)
      else await pause(WATCH_MS, this.#closing.signal)
    }
  }

  #sign(): void {
    this.#lastSign = Date.now()
  }

  #crashed(error: Error): void {
    this.#crash ??= error
    this.#wake.wake()
  }

  /** Takes over the partitions of a new assignment, and drops the others. */
  async #assigned(client: KafkaClientConsumer, assignment: Readonly<Record<string, readonly number[]>>): Promise<void> {
    const current = ++this.#assignment
    const places = Object.entries(assignment).flatMap(([topic, partitions]) =>
      partitions.map((partition) => ({ topic, partition })),
    )
    const names = new Set(places.map(placeName))
    this.#pending.clear()
    this.#full.clear()
    for (const name of names) this.#pending.add(name)
    client.pause(places.map(({ topic, partition }) => ({ topic, partitions: [partition] })))
    for (const [name, reader] of this.#readers) {
      if (names.has(name)) {
        reader.refetch()
      } else {
        // What it has in hand is not committed: the partition's next owner decides.
        this.#readers.delete(name)
        this.#moved.delete(reader)
        void reader.stop()
      }
    }
    const committed = await this.#committed()
    if (current !== this.#assignment || client !== this.#client) return
    for (const place of places) this.#begin(client, place, committed.get(placeName(place)))
  }

  #begin(client: KafkaClientConsumer, place: TopicPartition, committed: bigint | undefined): void {
    const name = placeName(place)
    const standing = this.#readers.get(name)
    const start = committed ?? this.#starts?.get(name) ?? 0n
    const reader = standing ?? this.#newReader(place, start)
    if (standing === undefined) {
      this.#readers.set(name, reader)
      // From now on the group remembers where it began.
      if (committed === undefined && this.#options.group !== undefined) this.#moved.add(reader)
    } else if (committed !== undefined && reader.isIdle && !this.#moved.has(reader) && committed !== reader.position) {
      // This member was away, and others went on meanwhile.
      reader.seek(committed)
    }
    this.#pending.delete(name)
    client.seek({ ...place, offset: String(reader.fetchFrom) })
    client.resume([{ topic: place.topic, partitions: [place.partition] }])
    this.#wake.wake()
  }

  #newReader(place: TopicPartition, position: bigint): PartitionReader {
    const reader: PartitionReader = new PartitionReader({
      ...place,
      position,
      onRecord: this.#options.onRecord,
      onAdvance: () => {
        if (this.#readers.get(placeName(place)) !== reader) return
        if (this.#options.group !== undefined) this.#moved.add(reader)
        if (this.#full.has(reader) && reader.wantsMore) {
          this.#full.delete(reader)
          this.#client?.resume([{ topic: place.topic, partitions: [place.partition] }])
        }
        this.#wake.wake()
      },
      // Of a pending partition, the seek follows when it begins.
      onSeek: () => {
        if (!this.#pending.has(placeName(place))) this.#client?.seek({ ...place, offset: String(reader.fetchFrom) })
      },
      onTrouble: (error) => this.#trouble(error),
    })
    return reader
  }

  #take(client: KafkaClientConsumer, { batch, isStale }: EachBatchPayload): void {
    const place = { topic: batch.topic, partition: batch.partition }
    const reader = this.#readers.get(placeName(place))
    // What is dropped here is fetched again: a seek is on its way.
    if (reader === undefined || client !== this.#client || this.#pending.has(placeName(place)) || isStale()) return
    reader.offer(
      batch.messages.map((message) => toRecord(place, message)),
      reader.fetch,
    )
    if (!reader.isFull) return
    this.#full.add(reader)
    client.pause([{ topic: place.topic, partitions: [place.partition] }])
  }

  async #commit(client: KafkaClientConsumer): Promise<void> {
    if (this.#moved.size === 0 || this.#crash) return
    const moved = [...this.#moved]
    this.#moved.clear()
    try {
      await client.commitOffsets(
        moved.map(({ topic, partition, position }) => ({ topic, partition, offset: String(position) })),
      )
    } catch (error) {
      // A rebalance, most often: what is still ours is committed with the next.
      for (const reader of moved) if (this.#readers.get(placeName(reader)) === reader) this.#moved.add(reader)
      this.#log.debug({ err: error, group: this.#groupId }, 'event log: a commit was put off')
    }
  }

  async #committed(): Promise<ReadonlyMap<string, bigint>> {
    const { group, topics } = this.#options
    const committed = new Map<string, bigint>()
    if (group === undefined) return committed
    const found = await withAdmin(this.#kafka, (admin) => admin.fetchOffsets({ groupId: group, topics: [...topics] }))
    for (const { topic, partitions } of found) {
      for (const { partition, offset } of partitions) {
        if (BigInt(offset) >= 0n) committed.set(placeName({ topic, partition }), BigInt(offset))
      }
    }
    return committed
  }

  async #findStarts(): Promise<ReadonlyMap<string, bigint>> {
    const { topics, from } = this.#options
    const starts = new Map<string, bigint>()
    await withAdmin(this.#kafka, async (admin) => {
      for (const { topic, partition, low, high } of await offsetsOf(admin, topics)) {
        const given =
          typeof from === 'string' ? undefined : from.find((at) => at.topic === topic && at.partition === partition)
        const offset = from === 'latest' ? high : given?.offset
        // What is older than the log is gone: asking for it would be refused.
        starts.set(placeName({ topic, partition }), offset !== undefined && offset > low ? offset : low)
      }
    })
    return starts
  }

  #trouble(cause: unknown): void {
    const error = cause instanceof Error ? cause : new Error(String(cause))
    this.#log.warn(
      { err: error, topics: this.#options.topics, group: this.#groupId },
      'event log: reading was disturbed',
    )
    this.#options.onTrouble?.(error)
  }
}

function toRecord(place: TopicPartition, { key, value, headers, offset, timestamp }: KafkaMessage): LogRecord {
  return {
    ...place,
    offset: BigInt(offset),
    key: key?.toString() ?? '',
    headers: Object.fromEntries(Object.entries(headers ?? {}).map(([name, header]) => [name, String(header ?? '')])),
    value: value ?? Buffer.alloc(0),
    appendedAt: new Date(Number(timestamp)),
  }
}
