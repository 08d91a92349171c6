import { topics } from '@fundmesh/contracts/events'
import type { Event } from '../events/codec.ts'
import type { Channel, Reading } from './reading.ts'
import type { GrantsReplica } from './replica.ts'

/** Whether somebody may read an event now: grants may be for some regions only. Whatever is not known to be allowed is not. */
export type MayReadEvent = (reader: Pick<Reading, 'tenant' | 'region'>, event: Event) => boolean

/**
 * Decides by the topic's contract (topics.yaml): a grant on any of its resources opens the event, if it is for the
 * channel, for the topic's field set, and the event's value is not too young for it.
 */
export function eventAccess(grants: Pick<GrantsReplica, 'mayRead'>, channel: Channel): MayReadEvent {
  return ({ tenant, region }, event) => {
    const topic = topics.get(event.topic)
    if (!topic?.fieldSet) return false
    const reading = { tenant, region, channel, fieldSet: topic.fieldSet }
    const data = event.data as Readonly<Record<string, unknown>>
    const valueDate = topic.valueDate === undefined ? undefined : String(data[topic.valueDate])
    const now = new Date()
    // The event names its fund itself: a grant of it opens the event though the structure has not been told yet.
    for (const [kind, field] of topic.resources) {
      if (grants.mayRead(reading, { kind, id: String(data[field]) }, now, valueDate)) return true
    }
    return false
  }
}
