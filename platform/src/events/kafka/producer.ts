/**
 * Appends idempotently: a retry inside kafkajs makes no second copy. After a failed append the client is thrown away:
 * it would give the next records the sequence number of the failed ones, and a broker that did have those would take
 * the next for a repetition and drop them.
 */
import { type Kafka, type Producer as KafkaClientProducer, Partitioners } from 'kafkajs'
import type { NewRecord, Producer } from '../log.ts'
import { UnknownTopic } from '../unknown-topic.ts'
import { RETRY } from './client.ts'

export class KafkaProducer implements Producer {
  readonly #kafka: Kafka
  #client: KafkaClientProducer | undefined
  /** Appends run one after the other, in the order of the calls. */
  #last: Promise<void> = Promise.resolve()
  #closed: Promise<void> | undefined

  constructor(kafka: Kafka) {
    this.#kafka = kafka
  }

  append(records: readonly NewRecord[]): Promise<void> {
    if (this.#closed) return Promise.reject(new Error('the producer is closed'))
    const appended = this.#last.then(() => this.#append(records))
    this.#last = appended.catch(() => {})
    return appended
  }

  close(): Promise<void> {
    this.#closed ??= this.#last.then(() => this.#client?.disconnect())
    return this.#closed
  }

  async #append(records: readonly NewRecord[]): Promise<void> {
    if (records.length === 0) return
    const messages = new Map<string, NewRecord[]>()
    for (const record of records) {
      if (record.key === '') throw new TypeError(`${record.topic}: a record needs a key`)
      const ofTopic = messages.get(record.topic)
      if (ofTopic) ofTopic.push(record)
      else messages.set(record.topic, [record])
    }
    try {
      const client = await this.#connected()
      await client.sendBatch({
        acks: -1,
        topicMessages: [...messages].map(([topic, ofTopic]) => ({
          topic,
          messages: ofTopic.map(({ key, value, headers }) => ({ key, value, headers: { ...headers } })),
        })),
      })
    } catch (cause) {
      const failed = this.#client
      this.#client = undefined
      void failed?.disconnect().catch(() => {})
      const topics = [...messages.keys()].join(', ')
      if (isUnknownTopic(cause)) throw new UnknownTopic(topics)
      throw new Error(`appending to ${topics} failed: ${(cause as Error).message}`, { cause })
    }
  }

  async #connected(): Promise<KafkaClientProducer> {
    if (!this.#client) {
      const client = this.#kafka.producer({
        idempotent: true,
        maxInFlightRequests: 1,
        allowAutoTopicCreation: false,
        createPartitioner: Partitioners.DefaultPartitioner,
        retry: RETRY,
      })
      await client.connect()
      this.#client = client
    }
    return this.#client
  }
}

function isUnknownTopic(cause: unknown): boolean {
  for (let error = cause; error instanceof Error; error = error.cause) {
    if ((error as { type?: unknown }).type === 'UNKNOWN_TOPIC_OR_PARTITION') return true
  }
  return false
}
