/**
 * The changes of the ledger. Each is one transaction: the change, the tenant's next epoch, and a row in the outbox for
 * each target; whoever delivers is woken by the commit.
 */
import { randomUUID } from 'node:crypto'
import type { Contract } from '../domain/contract.ts'
import { checkContract, checkWindow, type GrantOrder, MOST_GRANTS } from '../domain/grant.ts'
import type { Instant } from '../domain/instant.ts'
import { Refusal } from '../domain/refusal.ts'
import type { Tenant } from '../domain/tenant.ts'
import { personsText } from '../domain/text.ts'
import { RECORDED } from './channels.ts'
import { contractColumns, grantColumns, instantOf, tenantColumns } from './columns.ts'
import type { Ask, Ledger } from './ledger.ts'
import type { ReadGrant } from './records.ts'

/** A grant after a change, and the tenant's epoch then. */
export interface Changed {
  readonly grant: ReadGrant
  readonly epoch: number
}

/** Who changes: `tenant/subject` of the caller. */
export type Actor = string

/** Throws Refusal where the id is taken. */
export function registerTenant(ledger: Ledger, actor: Actor, tenant: Tenant): Promise<Tenant> {
  return ledger.transaction(async (ask) => {
    const [registered] = await ask<Tenant>(
      `insert into entitlement.tenant (tenant_id, name, lei, epoch, registered_by) values ($1, $2, $3, 1, $4)
       on conflict do nothing returning ${tenantColumns}`,
      [tenant.id, tenant.name, tenant.lei, actor],
    )
    if (!registered) throw new Refusal(`id: expected one that is not taken; ${tenant.id} is a tenant already`)
    await enqueue(ask, tenant.id, 1)
    return registered
  })
}

/** Throws Refusal where the tenant or contract does not allow it. `id` is for seeds, which repeat themselves. */
export function recordGrant(
  ledger: Ledger,
  actor: Actor,
  order: GrantOrder,
  id = `grant-${randomUUID()}`,
): Promise<Changed> {
  return ledger.transaction(async (ask) => {
    const epoch = await nextEpoch(ask, order.tenantId)
    if (epoch === undefined) {
      throw new Refusal(`tenantId: expected a registered tenant; got ${JSON.stringify(order.tenantId.slice(0, 80))}`)
    }
    checkContract(order, await contractOf(ask, order.contractId))
    const validFrom = order.validFrom ?? (await now(ask))
    checkWindow({ validFrom, validTo: order.validTo })
    await checkRoom(ask, order.tenantId)
    const [grant] = await ask<ReadGrant>(
      `insert into entitlement.access_grant
         (grant_id, tenant_id, resource_kind, resource_id, contract_id, valid_from, valid_to, recorded_by, granted_epoch)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9) returning ${grantColumns}`,
      [
        id,
        order.tenantId,
        order.resourceKind,
        order.resourceId,
        order.contractId,
        validFrom,
        order.validTo,
        actor,
        epoch,
      ],
    )
    await advance(ask, order.tenantId, epoch)
    return { grant: grant!, epoch }
  })
}

/** A grant that is revoked already stays as it is. Throws Refusal where there is no such grant. */
export function revokeGrant(ledger: Ledger, actor: Actor, grantId: string, why: string): Promise<Changed> {
  const reason = personsText('reason', why, 500)
  return ledger.transaction(async (ask) => {
    const found = grantId.includes('\0') ? undefined : await grantById(ask, grantId)
    if (!found) throw new Refusal(`grantId: expected an existing grant; got ${JSON.stringify(grantId.slice(0, 80))}`)
    // Locks the tenant, so that of two revocations the second sees the first.
    const epoch = (await nextEpoch(ask, found.tenantId))!
    const [grant] = await ask<ReadGrant>(
      `update entitlement.access_grant
       set revoked_at = clock_timestamp(), revoked_by = $2, revocation_reason = $3, revoked_epoch = $4
       where grant_id = $1 and revoked_at is null returning ${grantColumns}`,
      [grantId, actor, reason, epoch],
    )
    if (!grant) return { grant: (await grantById(ask, grantId))!, epoch: epoch - 1 }
    await advance(ask, grant.tenantId, epoch)
    return { grant, epoch }
  })
}

/** Gives the tenant an epoch above one that was seen elsewhere, with the same grants. */
export function raiseEpoch(ledger: Ledger, tenantId: string, above: number): Promise<void> {
  return ledger.transaction(async (ask) => {
    const epoch = await nextEpoch(ask, tenantId)
    if (epoch !== undefined) await advance(ask, tenantId, Math.max(epoch, above + 1))
  })
}

/** The epoch of the change in hand. The tenant's changes follow one after the other: its row is locked. */
async function nextEpoch(ask: Ask, tenantId: string): Promise<number | undefined> {
  if (tenantId.includes('\0')) return undefined
  const [row] = await ask<{ epoch: number }>(
    `select (epoch + 1)::float8 as epoch from entitlement.tenant where tenant_id = $1 for update`,
    [tenantId],
  )
  return row?.epoch
}

async function advance(ask: Ask, tenantId: string, epoch: number): Promise<void> {
  await ask('update entitlement.tenant set epoch = $2 where tenant_id = $1', [tenantId, epoch])
  await enqueue(ask, tenantId, epoch)
}

async function enqueue(ask: Ask, tenantId: string, epoch: number): Promise<void> {
  await ask(
    `insert into entitlement.outbox (tenant_id, epoch, target) values ($1, $2, 'WAREHOUSE'), ($1, $2, 'EVENT_LOG')`,
    [tenantId, epoch],
  )
  await ask('select pg_notify($1, $2)', [RECORDED, tenantId])
}

async function contractOf(ask: Ask, contractId: string | null): Promise<Contract | undefined> {
  if (contractId === null || contractId.includes('\0')) return undefined
  const [contract] = await ask<Contract>(`select ${contractColumns} from entitlement.contract where contract_id = $1`, [
    contractId,
  ])
  return contract
}

async function grantById(ask: Ask, grantId: string): Promise<ReadGrant | undefined> {
  const [grant] = await ask<ReadGrant>(`select ${grantColumns} from entitlement.access_grant where grant_id = $1`, [
    grantId,
  ])
  return grant
}

/** In whole milliseconds, as clients' clocks are. */
async function now(ask: Ask): Promise<Instant> {
  const [row] = await ask<{ now: Instant }>(
    `select ${instantOf(`date_trunc('milliseconds', clock_timestamp())`)} as now`,
  )
  return row!.now
}

async function checkRoom(ask: Ask, tenantId: string): Promise<void> {
  const [row] = await ask<{ held: number }>(
    `select count(*)::int as held from entitlement.access_grant
     where tenant_id = $1 and revoked_at is null and (valid_to is null or valid_to > now())`,
    [tenantId],
  )
  if (row!.held >= MOST_GRANTS) {
    throw new Refusal(`tenantId: expected a tenant with fewer than ${MOST_GRANTS} grants; ${tenantId} has ${row!.held}`)
  }
}
