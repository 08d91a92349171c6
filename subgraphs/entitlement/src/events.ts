/** The events that we publish. */
import { encodeEvent } from '@fundmesh/platform/events/codec'
import type { NewRecord } from '@fundmesh/platform/events/log'
import { GRANTS_TOPIC } from '@fundmesh/platform/grants/replica'
import type { GrantSet } from './store/outbox.ts'

/** The same change makes the same record, so that a repetition can be told by its id. */
export function grantsEvent({ tenantId, epoch, changedAt, grants, principals }: GrantSet): NewRecord {
  return encodeEvent({
    topic: GRANTS_TOPIC,
    type: 'asset-management.entitlement.grants.v1',
    source: '/entitlement',
    id: `${tenantId}:${epoch}`,
    time: new Date(changedAt),
    data: { tenantId, epoch, changedAt, grants: [...grants], principals: [...principals] },
  })
}
