import type { EventLog, LogRecord, Position } from './log.ts'

/**
 * The same log under a namespace of its own: every topic and group name is prefixed where it reaches the log, and plain
 * where the service sees it. Several graphs (staging, a test) can so share one Kafka without reading each other.
 */
export function withTopicPrefix(log: EventLog, prefix: string): EventLog {
  if (prefix === '') return log
  const outer = <T extends { readonly topic: string }>(named: T): T => ({ ...named, topic: prefix + named.topic })
  const inner = <T extends { readonly topic: string }>(named: T): T => ({
    ...named,
    topic: named.topic.slice(prefix.length),
  })

  return {
    ensureTopics: (topics) => log.ensureTopics(topics.map((topic) => ({ ...topic, name: prefix + topic.name }))),
    async producer() {
      const producer = await log.producer()
      return { append: (records) => producer.append(records.map(outer)), close: () => producer.close() }
    },
    async consume({ topics, group, from, onRecord, ...rest }) {
      const consumer = await log.consume({
        ...rest,
        topics: topics.map((topic) => prefix + topic),
        ...(group !== undefined && { group: prefix + group }),
        from: typeof from === 'string' ? from : from.map(outer),
        onRecord: (record: LogRecord) => onRecord(inner(record)),
      })
      return { seek: (position: Position) => consumer.seek(outer(position)), close: () => consumer.close() }
    },
    endOffsets: async (topic) => (await log.endOffsets(prefix + topic)).map(inner),
    async *read(topic) {
      for await (const record of log.read(prefix + topic)) yield inner(record)
    },
    close: () => log.close(),
  }
}
