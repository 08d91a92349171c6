/** The outbox: which change still has to reach which target, and what a tenant held at a change. */
import type { Window } from '../domain/grant.ts'
import type { Instant } from '../domain/instant.ts'
import type { Terms } from '../domain/terms.ts'
import { CONFIRMED } from './channels.ts'
import { instantOf } from './columns.ts'
import type { Ledger } from './ledger.ts'

/** Who else holds the grants: the warehouse's row policies, the event log for every replica, and who may read Kafka itself. */
export type Target = 'WAREHOUSE' | 'EVENT_LOG' | 'KAFKA_ACCESS'

/** A right as other holders need it. */
export interface HeldGrant extends Window, Terms {
  readonly grantId: string
  readonly resourceKind: 'FUND' | 'SHARE_CLASS'
  readonly resourceId: string
}

/** What somebody within the tenant is. */
export interface HeldRoles {
  readonly subject: string
  readonly roles: readonly string[]
}

/** All that a tenant held after a change: what is neither revoked, suspended nor over; and its principals. */
export interface GrantSet {
  readonly tenantId: string
  readonly epoch: number
  readonly changedAt: Instant
  readonly grants: readonly HeldGrant[]
  readonly principals: readonly HeldRoles[]
}

export interface Confirmation {
  readonly target: Target
  /** Null: not yet. */
  readonly confirmedAt: Instant | null
}

/** Tenants with changes that the target has not confirmed. */
export async function pendingTenants(ledger: Ledger, target: Target): Promise<readonly string[]> {
  const rows = await ledger.transaction((ask) =>
    ask<{ tenantId: string }>(
      `select distinct tenant_id as "tenantId" from entitlement.outbox where target = $1 and confirmed_at is null`,
      [target],
    ),
  )
  return rows.map(({ tenantId }) => tenantId)
}

/** How a target takes changes: every one in its order, or only the newest, which says all. */
export type Taking = 'each' | 'newest'

/** How many grant sets are read at once: they can be large. */
const CHUNK = 10

/** The grant set of a change `o` of the outbox. */
const grantSetColumns = `o.tenant_id as "tenantId", o.epoch::float8 as epoch, ${instantOf('o.recorded_at')} as "changedAt",
  coalesce((
    select json_agg(json_build_object(
      'grantId', g.grant_id, 'resourceKind', g.resource_kind, 'resourceId', g.resource_id,
      'validFrom', ${instantOf('g.valid_from')}, 'validTo', ${instantOf('g.valid_to')}, 'channels', g.channels,
      'fieldSets', g.field_sets, 'regions', g.regions, 'embargoDays', g.embargo_days) order by g.grant_id)
    from entitlement.bounded_grant g
    where g.tenant_id = o.tenant_id and g.granted_epoch <= o.epoch
      and (g.revoked_epoch is null or g.revoked_epoch > o.epoch)
      and (g.valid_to is null or (g.valid_to > o.recorded_at and g.valid_to > g.valid_from))
      and not exists (
        select from entitlement.suspension s where s.grant_id = g.grant_id and s.suspended_epoch <= o.epoch
          and (s.resumed_epoch is null or s.resumed_epoch > o.epoch))), '[]') as grants,
  coalesce((
    select json_agg(json_build_object('subject', p.subject, 'roles', p.roles) order by p.subject)
    from (
      select distinct on (subject) subject, roles from entitlement.principal
      where tenant_id = o.tenant_id and assigned_epoch <= o.epoch order by subject, assigned_epoch desc) p
    where p.roles <> '{}'), '[]') as principals`

/** The tenant's next unconfirmed grant sets, by epoch. */
export function pendingGrantSets(
  ledger: Ledger,
  target: Target,
  tenantId: string,
  taking: Taking,
): Promise<readonly GrantSet[]> {
  return ledger.transaction((ask) =>
    ask<GrantSet>(
      `select ${grantSetColumns}
       from (
         select tenant_id, epoch, recorded_at from entitlement.outbox
         where target = $1 and tenant_id = $2 and confirmed_at is null
         order by epoch ${taking === 'each' ? 'asc' : 'desc'} limit ${taking === 'each' ? CHUNK : 1}) o
       order by o.epoch`,
      [target, tenantId],
    ),
  )
}

/** What the tenant held after one change; undefined where there was none of that epoch. */
export async function grantSet(
  ledger: Ledger,
  target: Target,
  tenantId: string,
  epoch: number,
): Promise<GrantSet | undefined> {
  const [found] = await ledger.transaction((ask) =>
    ask<GrantSet>(
      `select ${grantSetColumns} from entitlement.outbox o where target = $1 and tenant_id = $2 and epoch = $3`,
      [target, tenantId, epoch],
    ),
  )
  return found
}

/** Remembers that the target has the tenant's changes up to the epoch, and wakes whoever waits for it. */
export async function confirm(ledger: Ledger, target: Target, tenantId: string, epoch: number): Promise<void> {
  await ledger.transaction(async (ask) => {
    await ask(
      `update entitlement.outbox set confirmed_at = clock_timestamp()
       where target = $1 and tenant_id = $2 and epoch <= $3 and confirmed_at is null`,
      [target, tenantId, epoch],
    )
    await ask('select pg_notify($1, $2)', [CONFIRMED, tenantId])
  })
}

/** What each target said of a change, by the target's name. */
export function confirmations(ledger: Ledger, tenantId: string, epoch: number): Promise<readonly Confirmation[]> {
  return ledger.transaction((ask) =>
    ask<Confirmation>(
      `select target, ${instantOf('confirmed_at')} as "confirmedAt" from entitlement.outbox
       where tenant_id = $1 and epoch = $2 and target in (select target from entitlement.delivery_target)
       order by target desc`,
      [tenantId, epoch],
    ),
  )
}

/** A tenant's newest change: which one, and when it was recorded, which no other ledger's change of that epoch shares. */
export interface Newest {
  readonly tenantId: string
  readonly epoch: number
  readonly changedAt: Instant
}

/** Every tenant's newest change. */
export const newestChanges = (ledger: Ledger, target: Target) => newest(ledger, target, 'true')

/** Every tenant's newest change of those that the target has confirmed. */
export const newestConfirmed = (ledger: Ledger, target: Target) => newest(ledger, target, 'confirmed_at is not null')

async function newest(ledger: Ledger, target: Target, which: string): Promise<ReadonlyMap<string, Newest>> {
  const rows = await ledger.transaction((ask) =>
    ask<Newest>(
      `select distinct on (tenant_id) tenant_id as "tenantId", epoch::float8 as epoch,
         ${instantOf('recorded_at')} as "changedAt"
       from entitlement.outbox where target = $1 and ${which} order by tenant_id, epoch desc`,
      [target],
    ),
  )
  return new Map(rows.map((row) => [row.tenantId, row]))
}

/** Takes back a confirmation: the target turned out not to hold the tenant's newest grants. */
export async function reopen(ledger: Ledger, target: Target, tenantId: string): Promise<void> {
  await ledger.transaction((ask) =>
    ask(
      `update entitlement.outbox o set confirmed_at = null from entitlement.tenant t
       where o.target = $1 and o.tenant_id = $2 and t.tenant_id = o.tenant_id and t.epoch = o.epoch`,
      [target, tenantId],
    ),
  )
}
