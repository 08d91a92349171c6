/** Who waits for what: the index that addresses an event, by (topic, key). Sockets are never scanned. */
import type { Event } from '@fundmesh/platform/events/codec'
import type { ExecutionResult } from 'graphql'
import type { PermittedOperation } from '../access/permit.ts'
import type { StreamAudit } from '../audit/stream-audit.ts'
import type { Outbox } from '../socket/outbox.ts'
import type { Stream } from '../supergraph/streams.ts'

/** An event on its way to a subscriber, and whether it is the first of its key there. */
export interface Delivery {
  readonly event: Event
  readonly snapshot: boolean
}

/** One open subscription. */
export interface Subscriber {
  /** As it is permitted to the caller's newest token. */
  operation: PermittedOperation
  readonly stream: Stream
  /** The keys asked for; undefined: every key that the tenant may see. */
  readonly keys: ReadonlySet<string> | undefined
  /** Events to deliver, and at the end perhaps the error that says why it is the end. */
  readonly outbox: Outbox<Delivery | ExecutionResult>
  /** The newest event of each key that was delivered or is about to be: the rights that the stream is using. */
  readonly using: Map<string, Event>
  /** Told of what it gets. */
  readonly audit: StreamAudit
}

export interface Subscribers {
  add(subscriber: Subscriber): void
  remove(subscriber: Subscriber): void
  /** Those that asked for the key, by tenant. */
  addressed(topic: string, key: string): Iterable<readonly [tenant: string, subscribers: Iterable<Subscriber>]>
  ofTenant(tenant: string): Iterable<Subscriber>
  all(): Iterable<Subscriber>
}

/** Stands for a subscription to every key. */
const everyKey = Symbol('every key')

export function subscribers(): Subscribers {
  const byTenant = new Map<string, Set<Subscriber>>()
  /** topic → key → tenant → subscribers */
  const byKey = new Map<string, Map<string | symbol, Map<string, Set<Subscriber>>>>()

  const keysOf = (subscriber: Subscriber) => subscriber.keys ?? [everyKey]

  return {
    add(subscriber) {
      const { tenant } = subscriber.operation.caller
      getOrAdd(byTenant, tenant, () => new Set()).add(subscriber)
      const keys = getOrAdd(byKey, subscriber.stream.topic, () => new Map())
      for (const key of keysOf(subscriber)) {
        getOrAdd(
          getOrAdd(keys, key, () => new Map()),
          tenant,
          () => new Set<Subscriber>(),
        ).add(subscriber)
      }
    },
    remove(subscriber) {
      const { tenant } = subscriber.operation.caller
      removeFrom(byTenant, tenant, subscriber)
      const keys = byKey.get(subscriber.stream.topic)
      for (const key of keysOf(subscriber)) {
        const tenants = keys?.get(key)
        if (!tenants) continue
        removeFrom(tenants, tenant, subscriber)
        if (tenants.size === 0) keys?.delete(key)
      }
    },
    *addressed(topic, key) {
      const keys = byKey.get(topic)
      yield* keys?.get(key) ?? []
      yield* keys?.get(everyKey) ?? []
    },
    ofTenant: (tenant) => [...(byTenant.get(tenant) ?? [])],
    all: () => [...byTenant.values()].flatMap((set) => [...set]),
  }
}

function getOrAdd<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  let value = map.get(key)
  if (value === undefined) {
    value = make()
    map.set(key, value)
  }
  return value
}

function removeFrom<Key>(map: Map<Key, Set<Subscriber>>, key: Key, subscriber: Subscriber): void {
  const set = map.get(key)
  set?.delete(subscriber)
  if (set?.size === 0) map.delete(key)
}
