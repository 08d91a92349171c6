/**
 * Who held what. A grant has two axes: its window, within its contract's, says when the right holds; what the ledger held
 * at an instant, whether it had been recorded, suspended or revoked by then, says what was known. What was revoked at one
 * instant did hold before it, as was known then and still is.
 */
import type { Instant } from '../domain/instant.ts'
import { grantColumns } from './columns.ts'
import type { Ledger } from './ledger.ts'
import type { ReadGrant, ResourceRef } from './records.ts'

/** A day that is asked about, and whose knowledge is. */
export interface GrantsAsOf {
  readonly validAt: Instant
  readonly knownAt: Instant
}

/** Of grants `g`, whether they were in force at $1 as was known at $2. */
const held = `g.recorded_at <= $2::timestamptz
  and g.valid_from <= $1::timestamptz and (g.valid_to is null or $1::timestamptz < g.valid_to)
  and (g.revoked_at is null or g.revoked_at > least($1::timestamptz, $2::timestamptz))
  and not exists (
    select from entitlement.suspension s where s.grant_id = g.grant_id
      and s.suspended_at <= least($1::timestamptz, $2::timestamptz)
      and (s.resumed_at is null or s.resumed_at > least($1::timestamptz, $2::timestamptz)))`

/** The tenants' grants that were in force. */
export function grantsHeld(
  ledger: Ledger,
  tenantIds: readonly string[],
  { validAt, knownAt }: GrantsAsOf,
): Promise<readonly ReadGrant[]> {
  return ledger.transaction((ask) =>
    ask<ReadGrant>(
      `select ${grantColumns} from entitlement.bounded_grant g where tenant_id = any($3) and ${held}
       order by recorded_at, grant_id`,
      [validAt, knownAt, tenantIds],
    ),
  )
}

/** Which grants are asked for: those of any of the resources, that are for the channel and the field set where one is named. */
export interface Sought {
  readonly resources: readonly ResourceRef[]
  readonly channel: string | null
  readonly fieldSet: string | null
}

/** Every tenant's grants of the resources that were in force, by tenant. */
export function grantsThatOpened(
  ledger: Ledger,
  { resources, channel, fieldSet }: Sought,
  { validAt, knownAt }: GrantsAsOf,
): Promise<readonly ReadGrant[]> {
  return ledger.transaction((ask) =>
    ask<ReadGrant>(
      `select ${grantColumns} from entitlement.bounded_grant g
       where (resource_kind, resource_id) in (select * from unnest($3::text[], $4::text[]))
         and (channels is null or $5::text is null or $5 = any (channels))
         and (field_sets is null or $6::text is null or $6 = 'REFERENCE' or $6 = any (field_sets)) and ${held}
       order by tenant_id, recorded_at, grant_id`,
      [validAt, knownAt, resources.map(({ kind }) => kind), resources.map(({ id }) => id), channel, fieldSet],
    ),
  )
}
