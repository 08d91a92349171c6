import type { EventLog } from '@fundmesh/platform/events/log'
import { eventAccess } from '@fundmesh/platform/grants/event-access'
import type { GrantsReplica } from '@fundmesh/platform/grants/replica'
import { type SubscriptionRoad, type SubscriptionRooms, subscriptionRoad } from '../subscription.ts'
import { eventResolver, type ResolveRooms } from './resolve.ts'
import { type EventSource, eventSource } from './source.ts'

export type StreamRooms = Omit<SubscriptionRooms, 'source' | 'mayRead' | 'resolve'> &
  ResolveRooms & { readonly eventLog: EventLog; readonly grants: GrantsReplica }

/** Joins the road of an event to its source: what is taken from the log is delivered, what was missed is told. */
export function openStreams(rooms: StreamRooms): { readonly road: SubscriptionRoad; readonly source: EventSource } {
  const { eventLog, streams, grants, log } = rooms
  let road: SubscriptionRoad
  const source = eventSource({
    eventLog,
    streams: streams.values(),
    decidable: () => grants.whenReady(),
    onEvent: (event) => road.deliver(event),
    onGap: (topic, key) => road.gap(topic, key),
    log,
  })
  road = subscriptionRoad({ ...rooms, source, mayRead: eventAccess(grants, 'STREAM'), resolve: eventResolver(rooms) })
  return { road, source }
}
