/** The event log in Kafka, through kafkajs. */
import type { Admin, Kafka } from 'kafkajs'
import type { Logger } from 'pino'
import type { ConsumeOptions, Consumer, EventLog, LogRecord, Position, Producer, TopicSpec } from '../log.ts'
import { placeName } from '../place.ts'
import { untilReachable } from '../until-reachable.ts'
import { Wake } from '../wake.ts'
import { isUnreachable, offsetsOf, withAdmin } from './admin.ts'
import { kafkaClient } from './client.ts'
import { KafkaConsumer } from './consumer.ts'
import { KafkaProducer } from './producer.ts'

const DAY_MS = 86_400_000
const SEGMENT_MS = 600_000
/** Bytes of a record at the most: all grants of a tenant are one, and do not fit in Kafka's default of one megabyte. */
const LARGEST_RECORD = 8 * 1024 * 1024
/** How many records `read` holds for a reader that is slower than the log. */
const READ_AHEAD = 500

export interface KafkaLogOptions {
  readonly brokers: readonly string[]
  readonly clientId: string
  readonly log: Logger
}

export class KafkaLog implements EventLog {
  readonly #options: KafkaLogOptions
  readonly #kafka: Kafka
  readonly #closing = new AbortController()
  readonly #producers = new Set<Producer>()
  readonly #consumers = new Set<Promise<Consumer>>()
  #closed: Promise<void> | undefined

  constructor(options: KafkaLogOptions) {
    this.#options = options
    this.#kafka = kafkaClient(options.brokers, options.clientId, options.log)
  }

  ensureTopics(topics: readonly TopicSpec[]): Promise<void> {
    return untilReachable(() => this.#ensureTopics(topics), isUnreachable, this.#closing.signal, this.#options.log)
  }

  #ensureTopics(topics: readonly TopicSpec[]): Promise<void> {
    return withAdmin(this.#kafka, async (admin) => {
      await createMissing(admin, topics)
      const { topics: standing } = await admin.fetchTopicMetadata({ topics: topics.map(({ name }) => name) })
      for (const { name, partitions } of topics) {
        const found = standing.find((topic) => topic.name === name)?.partitions.length
        if (found !== partitions) {
          throw new Error(
            `the topic ${name} has ${found} partitions, expected ${partitions}: they are fixed for its life`,
          )
        }
      }
    })
  }

  async producer(): Promise<Producer> {
    this.#refuseWhenClosed()
    const producer = new KafkaProducer(this.#kafka)
    this.#producers.add(producer)
    return producer
  }

  consume(options: ConsumeOptions): Promise<Consumer> {
    this.#refuseWhenClosed()
    const { clientId, log } = this.#options
    const consumer = KafkaConsumer.open(this.#kafka, clientId, options, log, this.#closing.signal)
    this.#consumers.add(consumer)
    consumer.catch(() => this.#consumers.delete(consumer))
    return consumer
  }

  async endOffsets(topic: string): Promise<readonly Position[]> {
    const offsets = await withAdmin(this.#kafka, (admin) => offsetsOf(admin, [topic]))
    return offsets.map(({ partition, high }) => ({ topic, partition, offset: high }))
  }

  async *read(topic: string): AsyncIterable<LogRecord> {
    const offsets = await withAdmin(this.#kafka, (admin) => offsetsOf(admin, [topic]))
    const unread = new Map(
      offsets
        .filter(({ low, high }) => low < high)
        .map(({ partition, high }) => [placeName({ topic, partition }), high]),
    )
    if (unread.size === 0) return
    const found: LogRecord[] = []
    const arrived = new Wake()
    const taken = new Wake()
    const consumer = await this.consume({
      topics: [topic],
      from: 'earliest',
      onRecord: async (record) => {
        found.push(record)
        arrived.wake()
        while (found.length >= READ_AHEAD && !this.#closing.signal.aborted) await taken.sleep(100)
      },
    })
    try {
      while (unread.size > 0) {
        if (this.#closing.signal.aborted) throw new Error('the event log was closed')
        const record = found.shift()
        if (record === undefined) {
          await arrived.sleep(100)
          continue
        }
        taken.wake()
        const end = unread.get(placeName(record))
        if (end === undefined || record.offset >= end) continue
        // The newest record of a partition is never compacted away, so that this end is reached.
        if (record.offset === end - 1n) unread.delete(placeName(record))
        yield record
      }
    } finally {
      found.length = 0
      taken.wake()
      await consumer.close()
    }
  }

  close(): Promise<void> {
    this.#closed ??= this.#close()
    return this.#closed
  }

  async #close(): Promise<void> {
    this.#closing.abort()
    const consumers = await Promise.allSettled(this.#consumers)
    await Promise.all(consumers.map((opened) => (opened.status === 'fulfilled' ? opened.value.close() : undefined)))
    await Promise.all([...this.#producers].map((producer) => producer.close()))
  }

  #refuseWhenClosed(): void {
    if (this.#closed) throw new Error('the event log is closed')
  }
}

async function createMissing(admin: Admin, topics: readonly TopicSpec[]): Promise<void> {
  const existing = new Set(await admin.listTopics())
  const missing = topics.filter(({ name }) => !existing.has(name))
  if (missing.length === 0) return
  try {
    await admin.createTopics({
      topics: missing.map(({ name, partitions, cleanup, retentionDays }) => ({
        topic: name,
        numPartitions: partitions,
        configEntries: [
          { name: 'cleanup.policy', value: cleanup },
          // The cleaner leaves the open segment alone, which would by default be open for a week.
          ...(cleanup === 'compact' ? [{ name: 'segment.ms', value: String(SEGMENT_MS) }] : []),
          { name: 'max.message.bytes', value: String(LARGEST_RECORD) },
          ...(retentionDays === undefined ? [] : [{ name: 'retention.ms', value: String(retentionDays * DAY_MS) }]),
        ],
      })),
    })
  } catch (error) {
    // Another process made some of them meanwhile; the rest of the request was carried out.
    const errors = (error as { errors?: readonly unknown[] }).errors ?? [error]
    if (!errors.every((one) => (one as { type?: unknown }).type === 'TOPIC_ALREADY_EXISTS')) throw error
  }
}
