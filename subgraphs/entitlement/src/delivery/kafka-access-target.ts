/**
 * What tenants read from Kafka themselves. A tenant with a grant on the channel KAFKA has a topic of its own and may read
 * it; the leader forwards into it what the tenant may read at that moment. A tenant without one may read nothing, and its
 * topic is empty.
 *
 *     shut ──a grant on KAFKA──▶ open (topic made, allowed, forwarded to)
 *      ▲                          │ something less is visible: the topic is emptied, so that nothing of it is read later
 *      └──the last one ends───────┘ not forwarded to, refused, emptied
 *
 * Grants end by a change, which the relay brings, and by time alone, for which the leader looks each half second. What
 * ended while nobody led is not known: at the beginning of a term the topic of everybody who may read is emptied, and
 * only then forwarded to.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { TopicReaders } from '@fundmesh/platform/events/kafka/topic-readers'
import type { EventLog } from '@fundmesh/platform/events/log'
import type { GrantsReplica } from '@fundmesh/platform/grants/replica'
import type { Logger } from '@fundmesh/platform/telemetry/log'
import type { Ledger } from '../store/ledger.ts'
import { newestChanges } from '../store/outbox.ts'
import { type Forwarder, ownTopic, ownTopicSpec, ownTopicsBegin, startForwarder } from './forwarder.ts'
import type { DeliveryTarget } from './target.ts'

export interface KafkaAccessOptions {
  readonly eventLog: Pick<EventLog, 'consume' | 'producer' | 'ensureTopics'>
  readonly readers: TopicReaders
  readonly grants: Pick<
    GrantsReplica,
    'mayRead' | 'visible' | 'fieldSets' | 'epoch' | 'ready' | 'whenReady' | 'whenAtLeast'
  >
  readonly ledger: Ledger
  readonly log: Logger
}

const NAME = 'KAFKA_ACCESS'
/** How often it is looked whether time alone has changed who may read, and how soon again where that failed. */
const LOOK_MS = 500
const LOOK_AGAIN_MS = 2_000
const nothing: ReadonlySet<string> = new Set()
/** How long a delivery waits for the replica to have heard of the change. */
const HEAR_MS = 5_000

export function kafkaAccessTarget({ eventLog, readers, grants, ledger, log }: KafkaAccessOptions): DeliveryTarget {
  const tenants = new Set<string>()
  /** Whether the broker lets the tenant read; not here: not known. */
  const allowed = new Map<string, boolean>()
  /** What each tenant saw when we last looked: nothing else lies in its topic. */
  const seen = new Map<string, ReadonlySet<string>>()
  const working = new Map<string, Promise<void>>()
  let forwarder: Forwarder | undefined
  /** The tenants have been listed in this term. */
  let listed = withResolvers()
  /** Each of them was looked at since: from then on an event can be forwarded to all that may read it, and stays. */
  let looked = withResolvers()

  const mayRead = (tenant: string) => grants.fieldSets(tenant, 'KAFKA', undefined, new Date()).has('NAV')
  const visible = (tenant: string): ReadonlySet<string> => {
    const reading = { tenant, channel: 'KAFKA', fieldSet: 'NAV' } as const
    const now = new Date()
    return new Set([
      ...grants.visible(reading, 'FUND', now).map((id) => `FUND ${id}`),
      ...grants.visible(reading, 'SHARE_CLASS', now).map((id) => `SHARE_CLASS ${id}`),
    ])
  }
  const reader = (tenant: string) => ({ user: tenant, topic: ownTopic(tenant), groups: `${tenant}.` })

  async function shut(tenant: string): Promise<void> {
    allowed.delete(tenant)
    seen.delete(tenant)
    await readers.deny(reader(tenant))
    // What was decided before must not come after the emptying.
    await forwarder?.settled()
    await readers.empty(ownTopic(tenant))
    seen.set(tenant, nothing)
    allowed.set(tenant, false)
  }

  async function open(tenant: string): Promise<void> {
    const now = visible(tenant)
    const before = seen.get(tenant)
    // Where it is not known what was seen, there may lie what is visible no more.
    if (!before || [...before].some((id) => !now.has(id))) {
      await forwarder?.settled()
      await readers.empty(ownTopic(tenant))
    }
    seen.set(tenant, now)
    if (allowed.get(tenant)) return
    await eventLog.ensureTopics([ownTopicSpec(tenant)])
    await readers.allow(reader(tenant))
    allowed.set(tenant, true)
  }

  /** Brings the broker to what the grants say now. One at a time for each tenant. */
  function settle(tenant: string): Promise<void> {
    const before = working.get(tenant) ?? Promise.resolve()
    const next = before
      .catch(() => {})
      .then(() => {
        if (!grants.ready()) throw new Error('the grants are not known')
        return mayRead(tenant) ? open(tenant) : shut(tenant)
      })
      .finally(() => {
        if (working.get(tenant) === next) working.delete(tenant)
      })
    working.set(tenant, next)
    return next
  }

  const isBehind = (tenant: string) => {
    if (mayRead(tenant) !== allowed.get(tenant)) return true
    if (!mayRead(tenant)) return false
    const before = seen.get(tenant)
    return before === undefined || !isSame(before, visible(tenant))
  }

  async function look(signal: AbortSignal): Promise<void> {
    await Promise.race([listed.promise, aborted(signal)])
    while (!signal.aborted) {
      const known = grants.ready()
      const failed = known && (await settleAll())
      if (known && !failed) looked.resolve()
      await sleep(failed ? LOOK_AGAIN_MS : LOOK_MS, undefined, { signal }).catch(() => {})
    }
  }

  /** Whether any failed; the others do not wait for it. */
  async function settleAll(): Promise<boolean> {
    let failed = false
    for (const tenant of tenants) {
      try {
        if (isBehind(tenant)) await settle(tenant)
      } catch (error) {
        failed = true
        log.error({ tenant, err: error }, 'cannot bring a reader of Kafka to what the grants say; trying again')
      }
    }
    return failed
  }

  async function forward(signal: AbortSignal): Promise<void> {
    await Promise.race([looked.promise, aborted(signal)])
    while (!signal.aborted) {
      let own: Forwarder | undefined
      try {
        own = await startForwarder({ eventLog, grants, tenants, log })
        forwarder = own
        await aborted(signal)
      } catch (error) {
        log.error({ err: error }, 'cannot forward events; trying again')
        await sleep(LOOK_AGAIN_MS, undefined, { signal }).catch(() => {})
      } finally {
        if (forwarder === own) forwarder = undefined
        await own?.close()
      }
    }
  }

  return {
    name: NAME,
    taking: 'newest',
    async deliver(sets) {
      const { tenantId, epoch } = sets.at(-1)!
      tenants.add(tenantId)
      await grants.whenAtLeast(tenantId, epoch, AbortSignal.timeout(HEAR_MS))
      await settle(tenantId)
    },
    async held() {
      await grants.whenAtLeast('', 0, AbortSignal.timeout(HEAR_MS))
      const standing = await readers.list(ownTopicsBegin)
      for (const tenant of (await newestChanges(ledger, NAME)).keys()) tenants.add(tenant)
      // What nobody of ours allowed: somebody else in a tenant's topic.
      for (const [user, topics] of standing) {
        for (const topic of topics) {
          if (tenants.has(user) && topic === ownTopic(user)) continue
          log.warn({ user, topic }, 'a reader that nobody allowed is refused')
          await readers.deny({ user, topic })
        }
      }
      const found = new Map(
        [...tenants].map((tenant) => {
          const has = standing.get(tenant)?.has(ownTopic(tenant)) ?? false
          if (!working.has(tenant)) allowed.set(tenant, has)
          return [tenant, { epoch: has === mayRead(tenant) ? grants.epoch(tenant) : 0 }]
        }),
      )
      listed.resolve()
      return found
    },
    async lead(signal) {
      // What was true in an earlier term may not be now.
      listed = withResolvers()
      looked = withResolvers()
      for (const known of [tenants, allowed, seen]) known.clear()
      await Promise.all([look(signal), forward(signal)])
    },
  }
}

const aborted = (signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })

function withResolvers() {
  let resolve = () => {}
  const promise = new Promise<void>((done) => {
    resolve = done
  })
  return { promise, resolve }
}

const isSame = (one: ReadonlySet<string>, other: ReadonlySet<string>) =>
  one.size === other.size && [...one].every((id) => other.has(id))
