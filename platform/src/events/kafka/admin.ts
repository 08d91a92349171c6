import type { Admin, Kafka } from 'kafkajs'
import type { TopicPartition } from '../place.ts'
import { UnknownTopic } from '../unknown-topic.ts'

/** How often a question is asked again that a broker could not answer yet. */
const ATTEMPTS = 15
const PAUSE_MS = 200

/** One connection for one purpose: these are rare. */
export async function withAdmin<T>(kafka: Kafka, ask: (admin: Admin) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    const admin = kafka.admin()
    try {
      await admin.connect()
      return await ask(admin)
    } catch (error) {
      // A partition that was just made, or whose broker was just started, has no leader for a moment.
      if (!isPassing(error) || attempt === ATTEMPTS) throw error
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
    } finally {
      await admin.disconnect().catch(() => {})
    }
  }
}

function isPassing(error: unknown): boolean {
  const { name, retriable } = error as { name?: string; retriable?: boolean }
  return name === 'KafkaJSProtocolError' && retriable === true
}

/** True where no broker answered, however often kafkajs tried. */
export function isUnreachable(error: unknown): boolean {
  const { name } = error as { name?: string }
  return name !== undefined && (UNREACHABLE.has(name) || isPassing(error))
}

const UNREACHABLE: ReadonlySet<string> = new Set([
  'KafkaJSNumberOfRetriesExceeded',
  'KafkaJSConnectionError',
  'KafkaJSConnectionClosedError',
  'KafkaJSRequestTimeoutError',
  'KafkaJSBrokerNotFound',
  'KafkaJSNoBrokerAvailableError',
])

/** What a partition holds: from `low` to before `high`. */
export interface PartitionOffsets extends TopicPartition {
  readonly low: bigint
  readonly high: bigint
}

/** @throws UnknownTopic */
export async function offsetsOf(admin: Admin, topics: readonly string[]): Promise<readonly PartitionOffsets[]> {
  // Asking for an unknown topic's offsets would be retried for seconds.
  const existing = new Set(await admin.listTopics())
  const missing = topics.filter((topic) => !existing.has(topic))
  if (missing.length > 0) throw new UnknownTopic(missing.join(', '))
  const offsets: PartitionOffsets[] = []
  for (const topic of topics) {
    for (const { partition, low, high } of await admin.fetchTopicOffsets(topic)) {
      offsets.push({ topic, partition, low: BigInt(low), high: BigInt(high) })
    }
  }
  return offsets.sort((a, b) => a.partition - b.partition)
}
