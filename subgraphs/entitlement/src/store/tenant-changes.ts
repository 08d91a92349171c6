import { Refusal } from '../domain/refusal.ts'
import type { Principal } from '../domain/roles.ts'
import type { Tenant } from '../domain/tenant.ts'
import { principalColumns, tenantColumns } from './columns.ts'
import { advance, enqueue, nextEpoch } from './epochs.ts'
import type { Ledger } from './ledger.ts'
import type { Actor, ReadTenant } from './records.ts'

/** Throws Refusal where the id is taken. */
export function registerTenant(ledger: Ledger, actor: Actor, tenant: Tenant): Promise<ReadTenant> {
  return ledger.transaction(async (ask) => {
    const [registered] = await ask<ReadTenant>(
      `insert into entitlement.tenant (tenant_id, name, lei, epoch, registered_by) values ($1, $2, $3, 1, $4)
       on conflict do nothing returning ${tenantColumns}`,
      [tenant.id, tenant.name, tenant.lei, actor],
    )
    if (!registered) throw new Refusal(`id: expected one that is not taken; ${tenant.id} is a tenant already`)
    await enqueue(ask, tenant.id, 1)
    return registered
  })
}

/** A principal after a change, and the tenant's epoch then. */
export interface ChangedPrincipal {
  readonly principal: Principal
  readonly epoch: number
}

/** The same roles again change nothing. Throws Refusal where there is no such tenant. */
export function assignRoles(ledger: Ledger, actor: Actor, principal: Principal): Promise<ChangedPrincipal> {
  const { tenantId, subject, roles } = principal
  return ledger.transaction(async (ask) => {
    const epoch = await nextEpoch(ask, tenantId)
    if (epoch === undefined) throw unknownTenant(tenantId)
    const [before] = await ask<Principal>(
      `select ${principalColumns} from entitlement.principal where tenant_id = $1 and subject = $2
       order by assigned_epoch desc limit 1`,
      [tenantId, subject],
    )
    if (JSON.stringify(before?.roles ?? []) === JSON.stringify(roles)) return { principal, epoch: epoch - 1 }
    await ask(
      `insert into entitlement.principal (tenant_id, subject, assigned_epoch, roles, assigned_by)
       values ($1, $2, $3, $4, $5)`,
      [tenantId, subject, epoch, roles, actor],
    )
    await advance(ask, tenantId, epoch)
    return { principal, epoch }
  })
}

export const unknownTenant = (tenantId: string): Refusal =>
  new Refusal(`tenantId: expected a registered tenant; got ${JSON.stringify(tenantId.slice(0, 80))}`)
