/**
 * The event log: partitioned, ordered, replayable. Kafka where `KAFKA_BROKERS` is set, tables in PostgreSQL otherwise;
 * both pass log.conformance.ts. Order is promised per key only; delivery is at least once.
 */

/** What a topic needs to exist; the rest of topics.yaml is its readers' business. */
export interface TopicSpec {
  readonly name: string
  readonly partitions: number
  readonly cleanup: 'delete' | 'compact'
  /** Days for which a record of a `delete` topic is kept. */
  readonly retentionDays?: number
}

/** A record to be appended. */
export interface NewRecord {
  readonly topic: string
  /** Decides the partition; never empty. */
  readonly key: string
  readonly headers: Readonly<Record<string, string>>
  readonly value: Buffer
}

/** A record as it stands in the log. */
export interface LogRecord extends NewRecord {
  readonly partition: number
  /** Position in the partition; grows, and need not be gap-free. */
  readonly offset: bigint
  /** When it was appended. */
  readonly appendedAt: Date
}

/** A place in a topic. */
export interface Position {
  readonly topic: string
  readonly partition: number
  readonly offset: bigint
}

export interface Producer {
  /**
   * Appends all records in the given order and returns when the log has them durably. Rejects when it may not have
   * them: the caller tries again, and readers drop what they have seen.
   */
  append(records: readonly NewRecord[]): Promise<void>
  close(): Promise<void>
}

export interface ConsumeOptions {
  readonly topics: readonly string[]
  /**
   * The consumer group whose members share the partitions and whose offsets are remembered. Without one the reader
   * is alone: it gets every partition and nothing is remembered.
   */
  readonly group?: string
  /** Where to begin where the group remembers nothing: `earliest`, `latest`, or at given positions (others: earliest). */
  readonly from: 'earliest' | 'latest' | readonly Position[]
  /**
   * Called for one record after the other within a partition; the next is not read before the promise settles, which
   * is the back-pressure. When it resolves, the offset is committed; when it rejects, the record is delivered again
   * after a pause.
   */
  readonly onRecord: (record: LogRecord) => Promise<void>
  /** Told of trouble that the consumer is recovering from by itself (a lost connection, a rejected record). */
  readonly onTrouble?: (error: Error) => void
}

export interface Consumer {
  /**
   * Goes on from another place: the next record delivered of that partition is the first at or after the offset.
   * A partition that another member of the group holds is left alone.
   */
  seek(position: Position): void
  /** Stops reading, lets the record in hand finish, commits, leaves the group. Idempotent. */
  close(): Promise<void>
}

export interface EventLog {
  /**
   * Creates the topics that do not exist. Idempotent; safe from several processes at once. Rejects where a topic
   * exists with another number of partitions: it is fixed for the topic's life. Waits for a log that is not reachable.
   */
  ensureTopics(topics: readonly TopicSpec[]): Promise<void>
  producer(): Promise<Producer>
  /**
   * Resolves when reading has begun: with `latest`, no record appended after that is missed. Waits for a log that is
   * not reachable; rejects for a topic that does not exist.
   */
  consume(options: ConsumeOptions): Promise<Consumer>
  /** For each partition, the offset that the next appended record will get. */
  endOffsets(topic: string): Promise<readonly Position[]>
  /** Every record of the topic as it stands, from the earliest to the ends at the time of the call. */
  read(topic: string): AsyncIterable<LogRecord>
  close(): Promise<void>
}
