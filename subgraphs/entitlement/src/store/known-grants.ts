import type { KnownGrant } from '../audit/explain.ts'
import type { Instant } from '../domain/instant.ts'
import { grantColumns, instantOf } from './columns.ts'
import type { Ledger } from './ledger.ts'
import type { ReadGrant, ResourceRef } from './records.ts'

/** A tenant's grants of any of the resources as the ledger knew them at an instant: what was recorded later does not count. */
export async function knownGrants(
  ledger: Ledger,
  tenantId: string,
  resources: readonly ResourceRef[],
  at: Date,
): Promise<readonly KnownGrant[]> {
  const rows = await ledger.transaction((ask) =>
    ask<ReadGrant & { suspendedThen: Instant | null }>(
      `select ${grantColumns}, (
         select ${instantOf('max(s.suspended_at)')} from entitlement.suspension s
         where s.grant_id = g.grant_id and s.suspended_at <= $3 and (s.resumed_at is null or s.resumed_at > $3)
       ) as "suspendedThen"
       from entitlement.bounded_grant g
       where tenant_id = $1 and resource_kind || ':' || resource_id = any($2) and recorded_at <= $3`,
      [tenantId, resources.map(({ kind, id }) => `${kind}:${id}`), at],
    ),
  )
  return rows.map(({ suspendedThen, ...grant }) => ({
    grant,
    revokedAt: grant.revokedAt !== null && Date.parse(grant.revokedAt) <= at.getTime() ? grant.revokedAt : null,
    suspendedAt: suspendedThen,
  }))
}

export async function epochOf(ledger: Ledger, tenantId: string): Promise<number> {
  const [row] = await ledger.transaction((ask) =>
    ask<{ epoch: number }>('select epoch::float8 as epoch from entitlement.tenant where tenant_id = $1', [tenantId]),
  )
  return row?.epoch ?? 0
}
