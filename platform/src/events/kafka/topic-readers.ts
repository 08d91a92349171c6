/** Who besides the platform may read a topic: users in Kafka's access control lists. Nobody does who is not allowed there. */
import { setTimeout as sleep } from 'node:timers/promises'
import kafkajs, { type AclEntry, type Admin } from 'kafkajs'
import type { Logger } from 'pino'
import { withAdmin } from './admin.ts'
import { kafkaClient } from './client.ts'

export interface TopicReader {
  /** As the user authenticates itself (SCRAM). */
  readonly user: string
  readonly topic: string
  /** What the names of the consumer groups begin with that the user may be in; undefined: they are left as they are. */
  readonly groups?: string
}

export interface TopicReaders {
  /** The topics that each user may read, of those whose names begin so. */
  list(topics: string): Promise<ReadonlyMap<string, ReadonlySet<string>>>
  /** Idempotent. When it resolves, the broker lets the user read. */
  allow(reader: TopicReader): Promise<void>
  /** Idempotent. When it resolves, the broker answers the user's next fetch, on an open connection too, with a refusal. */
  deny(reader: TopicReader): Promise<void>
  /** Deletes the records that the topic holds; offsets go on from where they are. */
  empty(topic: string): Promise<void>
}

export interface TopicReadersOptions {
  readonly brokers: readonly string[]
  /** Put before every topic and group name, as the event log does. */
  readonly topicPrefix?: string | undefined
  readonly clientId: string
  readonly log: Logger
}

// Node finds only some of the names that this CommonJS module exports.
const { AclOperationTypes, AclPermissionTypes, AclResourceTypes, ResourcePatternTypes } = kafkajs

const allowed = { host: '*', permissionType: AclPermissionTypes.ALLOW }
/** "To the end" in a request to delete records. */
const everything = '-1'

/** How long a broker may take to hear from its controller what the lists are. */
const HEAR_MS = 5_000
const LOOK_MS = 10

/** The controller answers before the brokers have heard: resolves when the one that we talk to decides by the new lists. */
async function settled(admin: Admin, entries: readonly AclEntry[], there: boolean): Promise<void> {
  const deadline = performance.now() + HEAR_MS
  for (const entry of entries) {
    for (;;) {
      const { resources } = await admin.describeAcls(entry)
      if (resources.length > 0 === there) break
      if (performance.now() > deadline) {
        throw new Error(
          `${entry.principal} on ${entry.resourceName}: expected the broker to hear of it within ${HEAR_MS} ms`,
        )
      }
      await sleep(LOOK_MS)
    }
  }
}

export function openTopicReaders({ brokers, topicPrefix = '', clientId, log }: TopicReadersOptions): TopicReaders {
  const kafka = kafkaClient(brokers, clientId, log)

  const entries = ({ user, topic, groups }: TopicReader): readonly AclEntry[] => {
    const resources = [
      {
        resourceType: AclResourceTypes.TOPIC,
        resourceName: topicPrefix + topic,
        resourcePatternType: ResourcePatternTypes.LITERAL,
      },
      ...(groups === undefined
        ? []
        : [
            {
              resourceType: AclResourceTypes.GROUP,
              resourceName: topicPrefix + groups,
              resourcePatternType: ResourcePatternTypes.PREFIXED,
            },
          ]),
    ]
    return [AclOperationTypes.READ, AclOperationTypes.DESCRIBE].flatMap((operation) =>
      resources.map((resource) => ({ ...allowed, ...resource, operation, principal: `User:${user}` })),
    )
  }

  return {
    list: (topics) =>
      withAdmin(kafka, async (admin) => {
        const { resources } = await admin.describeAcls({
          ...allowed,
          operation: AclOperationTypes.READ,
          resourceType: AclResourceTypes.TOPIC,
          resourcePatternType: ResourcePatternTypes.LITERAL,
        })
        const readers = new Map<string, Set<string>>()
        for (const { resourceName, acls } of resources) {
          if (!resourceName.startsWith(topicPrefix + topics)) continue
          for (const { principal } of acls) {
            const user = principal.replace(/^User:/, '')
            readers.set(user, (readers.get(user) ?? new Set()).add(resourceName.slice(topicPrefix.length)))
          }
        }
        return readers
      }),
    allow: (reader) =>
      withAdmin(kafka, async (admin) => {
        await admin.createAcls({ acl: [...entries(reader)] })
        await settled(admin, entries(reader), true)
      }),
    deny: (reader) =>
      withAdmin(kafka, async (admin) => {
        await admin.deleteAcls({ filters: [...entries(reader)] })
        await settled(admin, entries(reader), false)
      }),
    empty: (topic) =>
      withAdmin(kafka, async (admin) => {
        const name = topicPrefix + topic
        if (!(await admin.listTopics()).includes(name)) return
        const offsets = await admin.fetchTopicOffsets(name)
        const filled = offsets.filter(({ low, high }) => low !== high)
        if (filled.length === 0) return
        await admin.deleteTopicRecords({
          topic: name,
          partitions: filled.map(({ partition }) => ({ partition, offset: everything })),
        })
      }),
  }
}
