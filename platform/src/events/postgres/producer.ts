import type pg from 'pg'
import type { NewRecord, Producer } from '../log.ts'
import { partitionOf } from '../partitioner.ts'
import { UnknownTopic } from '../unknown-topic.ts'

/** A statement's size stays bounded, however many records a caller gives. */
const RECORDS_PER_STATEMENT = 500

/** Appends over a pool of one connection of its own, so that calls are carried out in their order. */
export class PostgresProducer implements Producer {
  readonly #pool: pg.Pool
  /** Topic → partitions; fixed for the life of a topic. */
  readonly #partitions = new Map<string, number>()
  #closed: Promise<void> | undefined

  constructor(pool: pg.Pool) {
    this.#pool = pool
  }

  async append(records: readonly NewRecord[]): Promise<void> {
    if (this.#closed) throw new Error('the producer is closed')
    const unknown = [...new Set(records.map(({ topic }) => topic))].filter((topic) => !this.#partitions.has(topic))
    if (unknown.length > 0) await this.#learn(unknown)
    for (const { topic, key } of records) {
      if (key === '') throw new TypeError(`${topic}: a record needs a key`)
      if (!this.#partitions.has(topic)) throw new UnknownTopic(topic)
    }
    for (let start = 0; start < records.length; start += RECORDS_PER_STATEMENT) {
      const chunk = records.slice(start, start + RECORDS_PER_STATEMENT)
      await this.#pool.query('select event_log.append($1, $2, $3, $4, $5)', [
        chunk.map(({ topic }) => topic),
        chunk.map(({ topic, key }) => partitionOf(key, this.#partitions.get(topic) as number)),
        chunk.map(({ key }) => key),
        chunk.map(({ headers }) => JSON.stringify(headers)),
        chunk.map(({ value }) => value),
      ])
    }
  }

  close(): Promise<void> {
    this.#closed ??= this.#pool.end()
    return this.#closed
  }

  async #learn(topics: readonly string[]): Promise<void> {
    const { rows } = await this.#pool.query<{ name: string; partitions: number }>(
      'select name, partitions from event_log.topic where name = any($1)',
      [topics],
    )
    for (const { name, partitions } of rows) this.#partitions.set(name, partitions)
  }
}
