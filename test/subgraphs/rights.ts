/**
 * Puts into an event log what the entitlement and the fund service would publish of a test's own warehouse: the grants
 * that stand in gold.row_grant, and the fund of each share class.
 */

import { topics } from '@fundmesh/contracts/events'
import type { ActiveGrant } from '@fundmesh/contracts/generated/events'
import { encodeEvent } from '@fundmesh/platform/events/codec'
import { eventMigrations } from '@fundmesh/platform/events/migrations'
import { openEventLog } from '@fundmesh/platform/events/open'
import { GRANTS_TOPIC, STRUCTURE_TOPIC } from '@fundmesh/platform/grants/replica'
import { ensureLogin } from '@fundmesh/platform/postgres/login'
import { migrate } from '@fundmesh/platform/postgres/migrate'
import { createLogger } from '@fundmesh/platform/telemetry/log'
import type pg from 'pg'

export interface Rights {
  /** Of the log, for a service's environment. */
  readonly eventLogUrl: string
  /** Publishes what stands in the warehouse now; gives each tenant's epoch after it. */
  publish(): Promise<ReadonlyMap<string, number>>
  close(): Promise<void>
}

/** `admin` is connected to the warehouse's database, in which the log is put as well. */
export async function openRights(admin: pg.Client, adminUrl: string): Promise<Rights> {
  await migrate(adminUrl, eventMigrations)
  const role = `${decodeURIComponent(new URL(adminUrl).pathname.slice(1))}_event_log_user`
  const eventLogUrl = await ensureLogin(adminUrl, { role, memberOf: 'event_log_user', password: 'events' })
  const log = openEventLog({ postgresUrl: eventLogUrl, clientId: 'test', log: createLogger('test', 'silent') })
  await log.ensureTopics([topics.get(GRANTS_TOPIC)!, topics.get(STRUCTURE_TOPIC)!])
  const producer = await log.producer()
  const told = new Set<string>()

  async function publishStructure(): Promise<void> {
    const { rows } = await admin.query<{ shareClassId: string; fundId: string }>(
      'select share_class_id as "shareClassId", fund_id as "fundId" from gold.share_class',
    )
    const fresh = rows.filter(({ shareClassId }) => !told.has(shareClassId))
    await producer.append(
      fresh.map(({ shareClassId, fundId }) =>
        encodeEvent({
          topic: STRUCTURE_TOPIC,
          type: 'asset-management.fund.structure.v1',
          source: '/test',
          id: shareClassId,
          time: new Date(),
          data: { shareClassId, fundId, sequence: 1 },
        }),
      ),
    )
    for (const { shareClassId } of fresh) told.add(shareClassId)
  }

  async function publishGrants(): Promise<ReadonlyMap<string, number>> {
    const instant = (column: string) =>
      `to_char(nullif(${column}, 'infinity') at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`
    const { rows } = await admin.query<{ tenantId: string; epoch: number; grants: ActiveGrant[] }>(`
      with tenants as (select tenant_id from gold.row_grant union select tenant_id from gold.row_grant_epoch),
        epochs as (insert into gold.row_grant_epoch as held select tenant_id, 1 from tenants
          on conflict (tenant_id) do update set epoch = held.epoch + 1 returning tenant_id, epoch)
      select tenant_id as "tenantId", epoch::int, coalesce((
        select json_agg(json_build_object('grantId', grant_id, 'resourceKind', resource_kind, 'resourceId', resource_id,
          'validFrom', ${instant('valid_from')}, 'validTo', ${instant('valid_to')}, 'channels', channels,
          'fieldSets', field_sets, 'regions', regions, 'embargoDays', embargo_days))
        from gold.row_grant g where g.tenant_id = e.tenant_id), '[]') as grants
      from epochs e`)
    const time = new Date()
    await producer.append(
      rows.map(({ tenantId, epoch, grants }) =>
        encodeEvent({
          topic: GRANTS_TOPIC,
          type: 'asset-management.entitlement.grants.v1',
          source: '/test',
          id: `${tenantId}:${epoch}`,
          time,
          data: { tenantId, epoch, changedAt: time.toISOString(), grants, principals: [] },
        }),
      ),
    )
    return new Map(rows.map(({ tenantId, epoch }) => [tenantId, epoch]))
  }

  return {
    eventLogUrl,
    async publish() {
      await publishStructure()
      return publishGrants()
    },
    async close() {
      await producer.close()
      await log.close()
    },
  }
}
