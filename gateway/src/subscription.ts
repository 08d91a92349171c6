/**
 * The road of an event through the gateway, from the log to the sockets.
 *
 *   take → decode    events/source       Kafka or PostgreSQL → Event; one consumer for the process
 *   address          events/subscribers  event → those that asked for its key, by an index
 *   authorize        platform/grants     a tenant's event, or nothing; asked again before it is sent
 *   pace             budget/             no more events a second than the tenant may have: above that an event waits
 *   resolve          events/resolve      event → payload, by plan → fetch → shape
 *   send             socket/outbox       bounded; a reader that is too slow is told so and ended
 *
 * A stream begins with the newest event of each key (its snapshot) and goes on with the updates behind it. It ends with
 * one error that says why, and nothing after it: the right or the token ended, the reader was too slow, the gateway
 * closes. While the grants cannot be known, nothing is taken from the log and nothing is sent: a stream waits, and loses
 * nothing.
 */
import { isDeepStrictEqual } from 'node:util'
import type { Event } from '@fundmesh/platform/events/codec'
import type { MayReadEvent } from '@fundmesh/platform/grants/event-access'
import type { GrantsReplica } from '@fundmesh/platform/grants/replica'
import type { Caller } from '@fundmesh/platform/identity/caller'
import type { Logger } from '@fundmesh/platform/telemetry/log'
import { type ExecutionResult, GraphQLError } from 'graphql'
import { type Denied, isRootDenied, type Permit } from './access/permit.ts'
import type { Rights, RightsOf } from './access/rights.ts'
import type { Audit } from './audit/audit.ts'
import { type OpenStream, type StreamBudget, tooManyEvents } from './budget/stream-budget.ts'
import { codedError, type ErrorCode } from './errors/catalogue.ts'
import type { ResolveEvent } from './events/resolve.ts'
import type { EventSource } from './events/source.ts'
import { type Delivery, type Subscriber, subscribers } from './events/subscribers.ts'
import { alarm } from './identity/alarm.ts'
import type { Operation } from './operation/operation.ts'
import type { Asking } from './operation/request.ts'
import { subscriptionField } from './operation/root-field.ts'
import { outbox } from './socket/outbox.ts'
import type { Stream } from './supergraph/streams.ts'
import type { Views } from './view/views.ts'

export interface SubscriptionRoad {
  /** Opens a stream. Throws errors of the catalogue; later trouble is the stream's last payload. */
  open(operation: Operation, asking: Asking): AsyncGenerator<ExecutionResult, void>
  /** Sends an event to those who asked for it and may read it. */
  deliver(event: Event): void
  /** Ends the streams that would silently miss events of a key. */
  gap(topic: string, key: string): void
  /** Ends every stream, saying why. */
  drain(): void
}

export interface SubscriptionRooms {
  readonly rightsOf: RightsOf
  readonly permit: Permit
  readonly views: Pick<Views, 'graph' | 'of'>
  readonly streams: ReadonlyMap<string, Stream>
  readonly source: Pick<EventSource, 'newest' | 'ready'>
  readonly grants: Pick<GrantsReplica, 'onChange' | 'nextBoundary' | 'ready' | 'whenReady'>
  readonly mayRead: MayReadEvent
  readonly budget: StreamBudget
  readonly resolve: ResolveEvent
  readonly audit: Pick<Audit, 'stream' | 'room'>
  readonly log: Logger
}

/** Events that may wait for one subscriber. */
const outboxBound = 1_000

export function subscriptionRoad(rooms: SubscriptionRooms): SubscriptionRoad {
  const { rightsOf, permit, views, streams, source, grants, mayRead, budget, resolve, audit, log } = rooms
  const open = subscribers()
  /** By tenant, the next moment at which one of its windows opens or closes. */
  const boundaries = new Map<string, ReturnType<typeof alarm>>()
  /** Those whose next event waits for its turn: their tenant has as many a second as it may. */
  const paced = new Set<Subscriber>()
  let draining = false

  const end = (subscriber: Subscriber, code: ErrorCode) => subscriber.outbox.end({ errors: [codedError(code)] })

  const offer = (subscriber: Subscriber, delivery: Delivery) => {
    subscriber.using.set(delivery.event.key, delivery.event)
    if (subscriber.outbox.push(delivery)) return
    if (paced.has(subscriber)) subscriber.outbox.end({ errors: [tooManyEvents()] })
    else end(subscriber, 'SLOW_SUBSCRIBER')
  }

  const rightsNow = ({ operation: { caller, channel } }: Subscriber) => rightsOf(caller, channel)

  /** Whether the field of Subscription is still the caller's to ask for. A token that is over has its own ending. */
  const mayAsk = (subscriber: Subscriber): boolean => {
    const { operation } = subscriber
    if (operation.caller.expiresAt.getTime() <= Date.now()) return true
    try {
      return !isRootDenied(permit(operation, operation.asked, rightsNow(subscriber)))
    } catch {
      return false
    }
  }

  /** Ends the tenant's streams that were using a right that is gone; looks again when a window opens or closes. */
  const regroup = async (tenant: string) => {
    await grants.whenReady()
    for (const subscriber of open.ofTenant(tenant)) {
      const lost = [...subscriber.using.values()].some((event) => !mayRead(subscriber.operation.caller, event))
      if (lost || !mayAsk(subscriber)) end(subscriber, 'ENTITLEMENT_REVOKED')
    }
    boundaries.get(tenant)?.cancel()
    boundaries.delete(tenant)
    const boundary = open.ofTenant(tenant)[Symbol.iterator]().next().done
      ? undefined
      : grants.nextBoundary(tenant, new Date())
    // A timer may ring a moment early; the grant must be over by then.
    if (boundary)
      boundaries.set(
        tenant,
        alarm(new Date(boundary.getTime() + 2), () => void regroup(tenant)),
      )
  }
  const endOfChanges = grants.onChange((tenant) => void regroup(tenant))

  /** Goes on by the caller's new token, whose rights replace the old one's. Ends what needs more than they are. */
  const renew = async (subscriber: Subscriber, caller: Caller) => {
    subscriber.operation = { ...subscriber.operation, caller }
    await grants.whenReady()
    const { operation } = subscriber
    try {
      const renewed = permit(operation, operation.asked, rightsOf(caller, operation.channel))
      const less = renewed.denied.some(
        ({ path }) => !operation.denied.some((before) => isDeepStrictEqual(before.path, path)),
      )
      if (less || views.of(caller).fingerprint !== operation.view) end(subscriber, 'ENTITLEMENT_REVOKED')
      subscriber.operation = renewed
    } catch (error) {
      log.info({ err: error, field: subscriber.stream.field }, 'a renewed token does not permit its stream')
      end(subscriber, 'ENTITLEMENT_REVOKED')
    }
    await regroup(caller.tenant)
  }

  /** Resolves when rights can be known, or the stream has ended. */
  const decidable = async (ended: AbortSignal) => {
    // Only where they must be waited for: each race leaves a trace on a signal that lives as long as the stream.
    if (!grants.ready()) await Promise.race([grants.whenReady(), aborted(ended)])
  }

  /** The stream and the keys that an operation asks for. */
  const understandStream = (operation: Operation) => {
    const { schema } = views.graph(operation.view)
    const field = subscriptionField(schema, operation)
    const stream = field && streams.get(field.name)
    if (!stream) {
      const seen = Object.keys(schema.getSubscriptionType()!.getFields())
      throw codedError('BAD_USER_INPUT', `subscribe to one of: ${seen.join(', ')}`)
    }
    const asked = stream.keyArgument ? field.arguments[stream.keyArgument] : undefined
    if (asked === undefined || asked === null) return { stream, keys: undefined }
    const keys = new Set((Array.isArray(asked) ? asked : [asked]).map(String))
    if (keys.size === 0)
      throw codedError('BAD_USER_INPUT', `${stream.keyArgument}: expected at least one id, or null for all; got none`)
    return { stream, keys }
  }

  /** Counts a stream as open from its first reading to its end, whatever ends it: what is never read is never open. */
  async function* counted(subscriber: Subscriber, asking: Asking) {
    const place = budget.enter(asking.caller)
    try {
      yield* follow(subscriber, asking, place)
    } finally {
      place.leave()
    }
  }

  async function* follow(
    subscriber: Subscriber,
    asking: Asking,
    place: OpenStream,
  ): AsyncGenerator<ExecutionResult, void> {
    const { signal } = asking
    const { tenant } = asking.caller
    const { ended } = subscriber.outbox
    const expireAt = (at: Date) => alarm(at, () => end(subscriber, 'TOKEN_EXPIRED'))
    let expiry = expireAt(asking.caller.expiresAt)
    const forget = asking.onRenewal?.((caller) => {
      expiry.cancel()
      expiry = expireAt(caller.expiresAt)
      void renew(subscriber, caller)
    })
    const stop = () => subscriber.outbox.end()
    signal.addEventListener('abort', stop, { once: true })
    open.add(subscriber)
    // Asked for before, and read only now.
    if (draining) end(subscriber, 'GATEWAY_DRAINING')
    subscriber.audit.began(subscriber.operation)
    try {
      // In one turn with `add`: no event can come between the snapshot and the updates.
      const snapshot: Delivery[] = []
      for (const [key, event] of source.newest(subscriber.stream.topic)) {
        if (subscriber.keys && !subscriber.keys.has(key)) continue
        if (!mayRead(subscriber.operation.caller, event)) continue
        subscriber.using.set(key, event)
        snapshot.push({ event, snapshot: true })
      }
      subscriber.outbox.begin(snapshot)
      void regroup(tenant)
      for (;;) {
        const item = await subscriber.outbox.take()
        if (!item) return
        if (!('event' in item)) {
          subscriber.audit.ended(item)
          yield item
          return
        }
        paced.add(subscriber)
        await place.turn(ended)
        paced.delete(subscriber)
        await decidable(ended)
        let payload: ExecutionResult | undefined
        for (
          let rights: Rights | undefined;
          !ended.aborted && rights?.fingerprint !== rightsNow(subscriber).fingerprint;
        ) {
          // A payload whose rights changed while it was made is made again.
          rights = rightsNow(subscriber)
          payload = await resolve(subscriber, item, rights, ended)
          await decidable(ended)
        }
        // The right may have ended meanwhile; then it is not sent, and the reason follows.
        if (!payload || ended.aborted || !mayRead(subscriber.operation.caller, item.event)) continue
        if (!audit.room()) {
          end(subscriber, 'SERVICE_UNAVAILABLE')
          continue
        }
        subscriber.audit.sent(item.event)
        yield payload
      }
    } catch (error) {
      if (signal.aborted) return
      // A busy process may look at the clock before its timer rings.
      if (subscriber.operation.caller.expiresAt.getTime() <= Date.now()) end(subscriber, 'TOKEN_EXPIRED')
      if (isRefusal(error)) end(subscriber, 'ENTITLEMENT_REVOKED')
      if (!ended.aborted) {
        log.error({ err: error, field: subscriber.stream.field }, 'a stream failed')
        end(subscriber, 'INTERNAL_SERVER_ERROR')
      }
      const reason = await subscriber.outbox.take()
      if (reason && !('event' in reason)) {
        subscriber.audit.ended(reason)
        yield reason
      }
    } finally {
      forget?.()
      expiry.cancel()
      paced.delete(subscriber)
      signal.removeEventListener('abort', stop)
      open.remove(subscriber)
      subscriber.audit.ended()
    }
  }

  return {
    open(operation, asking) {
      const permitted = permit(asking, operation, rightsOf(asking.caller, asking.channel))
      if (draining) throw codedError('GATEWAY_DRAINING')
      if (!grants.ready() || !source.ready) throw codedError('SERVICE_UNAVAILABLE')
      if (isRootDenied(permitted)) {
        const [{ path }] = permitted.denied as [Denied]
        throw codedError('UNAUTHORIZED_FIELD_OR_TYPE', undefined, { path })
      }
      const { stream, keys } = understandStream(operation)
      budget.check(asking.caller)
      const subscriber = {
        operation: permitted,
        stream,
        keys,
        outbox: outbox<Delivery | ExecutionResult>(outboxBound),
        using: new Map(),
        audit: audit.stream(),
      }
      return counted(subscriber, asking)
    },
    deliver(event) {
      for (const [, addressed] of open.addressed(event.topic, event.key)) {
        for (const subscriber of addressed) {
          if (!mayRead(subscriber.operation.caller, event)) continue
          offer(subscriber, { event, snapshot: !subscriber.using.has(event.key) })
        }
      }
    },
    gap(topic, key) {
      for (const [, addressed] of open.addressed(topic, key)) {
        for (const subscriber of addressed) if (subscriber.using.has(key)) end(subscriber, 'STREAM_GAP')
      }
    },
    drain() {
      draining = true
      endOfChanges()
      for (const boundary of boundaries.values()) boundary.cancel()
      for (const subscriber of open.all()) end(subscriber, 'GATEWAY_DRAINING')
    },
  }
}

/** Whether an event could not be resolved because its caller may not ask any more. */
const isRefusal = (error: unknown): boolean =>
  error instanceof AggregateError
    ? error.errors.some(isRefusal)
    : error instanceof GraphQLError &&
      ['ENTITLEMENT_REVOKED', 'UNAUTHORIZED_FIELD_OR_TYPE'].includes(String(error.extensions.code))

const aborted = (signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
