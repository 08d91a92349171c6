import { topics } from '@fundmesh/contracts/events'
import { decodeEvent, type Event } from '@fundmesh/platform/events/codec'
import type { EventLog, LogRecord } from '@fundmesh/platform/events/log'
import { eventAccess } from '@fundmesh/platform/grants/event-access'
import type { GrantsReplica } from '@fundmesh/platform/grants/replica'
import type { Logger } from '@fundmesh/platform/telemetry/log'

/** The topic of which tenants get their part: in it, the events of all of them stand side by side. */
export const SHARED_TOPIC = 'asset-management.nav.intraday'

const OWN_TOPICS = `${SHARED_TOPIC}.for.`

/** The topic that holds what the tenant alone may read. */
export const ownTopic = (tenantId: string) => OWN_TOPICS + tenantId
export const ownTopicsBegin = OWN_TOPICS

/**
 * Order is promised per key, for which the number does not matter: there are many such topics. A day, because what a
 * tenant did not fetch by then it asks the graph for, and what it may read no more should not lie there for long.
 */
export const ownTopicSpec = (tenantId: string) =>
  ({ name: ownTopic(tenantId), partitions: 3, cleanup: 'delete', retentionDays: 1 }) as const

export interface ForwarderOptions {
  readonly eventLog: Pick<EventLog, 'consume' | 'producer' | 'ensureTopics'>
  readonly grants: Pick<GrantsReplica, 'mayRead' | 'whenReady'>
  /** Every tenant there is. */
  readonly tenants: Iterable<string>
  readonly log: Logger
}

export interface Forwarder {
  /** Resolves when what was decided before now stands in the topics. */
  settled(): Promise<void>
  close(): Promise<void>
}

/**
 * Copies each event of the shared topic into the topic of each tenant that may read it now on the channel KAFKA: at least
 * once, with its key, in its order, going on where the group was. While the grants cannot be known, it waits.
 */
export async function startForwarder(options: ForwarderOptions): Promise<Forwarder> {
  const { eventLog, grants, tenants, log } = options
  const mayRead = eventAccess(grants, 'KAFKA')
  const closing = new AbortController()
  const closed = new Promise<never>((_, reject) =>
    closing.signal.addEventListener('abort', () => reject(new Error('the forwarder closes'))),
  )
  closed.catch(() => {})
  const appending = new Set<Promise<void>>()
  /** The tenants whose topics are there. */
  const made = new Set<string>()
  const producer = await eventLog.producer()

  async function forward(record: LogRecord): Promise<void> {
    await Promise.race([grants.whenReady(), closed])
    const event = decoded(record)
    if (!event) return
    const entitled = [...tenants].filter((tenant) => mayRead({ tenant }, event))
    if (entitled.length === 0) return
    // Counted in the turn of the decision, so that `settled` waits for it.
    const append = copy(record, entitled)
    appending.add(append)
    try {
      await append
    } finally {
      appending.delete(append)
    }
  }

  async function copy({ key, headers, value }: LogRecord, to: readonly string[]): Promise<void> {
    const missing = to.filter((tenant) => !made.has(tenant))
    if (missing.length > 0) await eventLog.ensureTopics(missing.map(ownTopicSpec))
    for (const tenant of missing) made.add(tenant)
    try {
      await producer.append(to.map((tenant) => ({ topic: ownTopic(tenant), key, headers, value })))
    } catch (error) {
      // Perhaps somebody deleted a topic; the record comes again.
      made.clear()
      throw error
    }
  }

  const decoded = (record: LogRecord): Event | undefined => {
    try {
      return decodeEvent(record)
    } catch (error) {
      const { topic, partition, offset } = record
      log.error({ err: error, topic, partition, offset: String(offset) }, 'an event cannot be read: nobody gets it')
      return undefined
    }
  }

  await eventLog.ensureTopics([topics.get(SHARED_TOPIC)!])
  const consumer = await eventLog.consume({
    topics: [SHARED_TOPIC],
    group: 'entitlement.kafka-access',
    from: 'earliest',
    onRecord: forward,
    onTrouble: (error) => log.warn({ reason: error.message }, 'trouble with forwarding events'),
  })
  return {
    settled: async () => void (await Promise.allSettled(appending)),
    async close() {
      closing.abort()
      await consumer.close()
      await producer.close()
    },
  }
}
