import { topics } from '@fundmesh/contracts/events'
import type { Event } from '@fundmesh/platform/events/codec'
import type { GrantsReplica } from '@fundmesh/platform/grants/replica'

/** Whether a tenant may read an event now. Whatever is not known to be allowed is not. */
export type MayReadEvent = (tenant: string, event: Event) => boolean

/** Decides by the topic's resources (topics.yaml): a grant on any of them opens the event. */
export function eventAccess(grants: Pick<GrantsReplica, 'mayRead'>): MayReadEvent {
  return (tenant, event) => {
    const resources = topics.get(event.topic)?.resources
    if (!resources) return false
    const named = [...resources].map(
      ([kind, field]) => [kind, String((event.data as Record<string, unknown>)[field])] as const,
    )
    return grants.mayRead(tenant, named, new Date())
  }
}
