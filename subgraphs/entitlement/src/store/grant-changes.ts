/** What becomes of a grant: recorded, suspended and resumed, revoked. Each is one transaction (epochs.ts). */
import { createHash, randomUUID } from 'node:crypto'
import type { Contract } from '../domain/contract.ts'
import { checkContract, checkWindow, checkWithin, type GrantOrder, MOST_GRANTS } from '../domain/grant.ts'
import type { Instant } from '../domain/instant.ts'
import { Refusal } from '../domain/refusal.ts'
import { personsText } from '../domain/text.ts'
import { contractColumns, grantColumns, instantOf } from './columns.ts'
import { advance, nextEpoch } from './epochs.ts'
import type { Ask, Ledger } from './ledger.ts'
import type { Actor, ReadGrant } from './records.ts'
import { unknownTenant } from './tenant-changes.ts'

/** A grant after a change, and the tenant's epoch then. */
export interface ChangedGrant {
  readonly grant: ReadGrant
  readonly epoch: number
}

/** Throws Refusal where the tenant or contract does not allow it. `id` is for seeds, which repeat themselves. */
export function recordGrant(
  ledger: Ledger,
  actor: Actor,
  order: GrantOrder,
  id = `grant-${randomUUID()}`,
): Promise<ChangedGrant> {
  return ledger.transaction(async (ask) => {
    const epoch = await nextEpoch(ask, order.tenantId)
    if (epoch === undefined) throw unknownTenant(order.tenantId)
    const repeated = await repetition(ask, order)
    if (repeated) return repeated
    const contract = await contractOf(ask, order.contractId)
    checkContract(order, contract)
    const validFrom = order.validFrom ?? (await now(ask))
    checkWindow({ validFrom, validTo: order.validTo })
    checkWithin({ validFrom, validTo: order.validTo }, contract)
    await checkRoom(ask, order.tenantId, 1)
    await insertGrant(ask, actor, epoch, id, order, validFrom)
    await advance(ask, order.tenantId, epoch)
    return { grant: (await grantById(ask, id))!, epoch }
  })
}

/** Records a grant whose order was checked. */
export async function insertGrant(
  ask: Ask,
  actor: Actor,
  epoch: number,
  id: string,
  order: GrantOrder,
  validFrom: Instant,
): Promise<void> {
  const row = {
    grant_id: id,
    tenant_id: order.tenantId,
    resource_kind: order.resourceKind,
    resource_id: order.resourceId,
    contract_id: order.contractId,
    line_number: order.lineNumber,
    channels: order.channels,
    field_sets: order.fieldSets,
    regions: order.regions,
    embargo_days: order.embargoDays,
    valid_from: validFrom,
    valid_to: order.validTo,
    idempotency_key: order.idempotencyKey,
    order_digest: order.idempotencyKey === null ? null : digestOf(order),
    recorded_by: actor,
    granted_epoch: epoch,
  }
  const places = Object.keys(row).map((_, index) => `$${index + 1}`)
  await ask(
    `insert into entitlement.access_grant (${Object.keys(row).join(', ')}) values (${places.join(', ')})`,
    Object.values(row),
  )
}

/** A grant that is revoked already stays as it is. Throws Refusal where there is no such grant. */
export function revokeGrant(ledger: Ledger, actor: Actor, grantId: string, why: string): Promise<ChangedGrant> {
  const reason = personsText('reason', why, 500)
  return changeGrant(ledger, grantId, async (ask, epoch, { revokedAt }) => {
    if (revokedAt !== null) return false
    await ask(
      `update entitlement.access_grant
       set revoked_at = clock_timestamp(), revoked_by = $2, revocation_reason = $3, revoked_epoch = $4
       where grant_id = $1 and revoked_at is null`,
      [grantId, actor, reason, epoch],
    )
    return true
  })
}

/** A grant that is suspended already stays as it is. Throws Refusal where there is none, or it is revoked. */
export function suspendGrant(ledger: Ledger, actor: Actor, grantId: string, why: string): Promise<ChangedGrant> {
  const reason = personsText('reason', why, 500)
  return changeGrant(ledger, grantId, async (ask, epoch, { tenantId, suspendedAt, revokedAt }) => {
    if (revokedAt !== null) throw new Refusal('grantId: expected a grant that is not revoked; a revocation is final')
    if (suspendedAt !== null) return false
    await ask(
      `insert into entitlement.suspension (grant_id, tenant_id, suspended_by, suspension_reason, suspended_epoch)
       values ($1, $2, $3, $4, $5)`,
      [grantId, tenantId, actor, reason, epoch],
    )
    return true
  })
}

/** A grant that is not suspended stays as it is. Throws Refusal where there is none. */
export function resumeGrant(ledger: Ledger, actor: Actor, grantId: string, why: string): Promise<ChangedGrant> {
  const reason = personsText('reason', why, 500)
  return changeGrant(ledger, grantId, async (ask, epoch, { suspendedAt }) => {
    if (suspendedAt === null) return false
    await ask(
      `update entitlement.suspension
       set resumed_at = clock_timestamp(), resumed_by = $2, resumption_reason = $3, resumed_epoch = $4
       where grant_id = $1 and resumed_at is null`,
      [grantId, actor, reason, epoch],
    )
    return true
  })
}

/** Finds the grant, locks its tenant and works; `work` tells whether it changed anything. */
function changeGrant(
  ledger: Ledger,
  grantId: string,
  work: (ask: Ask, epoch: number, grant: ReadGrant) => Promise<boolean>,
): Promise<ChangedGrant> {
  return ledger.transaction(async (ask) => {
    const found = grantId.includes('\0') ? undefined : await grantById(ask, grantId)
    if (!found) throw new Refusal(`grantId: expected an existing grant; got ${JSON.stringify(grantId.slice(0, 80))}`)
    // Locks the tenant, so that of two changes the second sees the first.
    const epoch = (await nextEpoch(ask, found.tenantId))!
    const changed = await work(ask, epoch, (await grantById(ask, grantId))!)
    if (changed) await advance(ask, found.tenantId, epoch)
    return { grant: (await grantById(ask, grantId))!, epoch: changed ? epoch : epoch - 1 }
  })
}

/** What an earlier order of the same key made. Throws Refusal where that one asked for something else. */
async function repetition(ask: Ask, order: GrantOrder): Promise<ChangedGrant | undefined> {
  if (order.idempotencyKey === null) return undefined
  const [made] = await ask<{ id: string; digest: string; epoch: number }>(
    `select grant_id as id, order_digest as digest, granted_epoch::float8 as epoch from entitlement.access_grant
     where tenant_id = $1 and idempotency_key = $2`,
    [order.tenantId, order.idempotencyKey],
  )
  if (!made) return undefined
  if (made.digest !== digestOf(order)) {
    throw new Refusal(`idempotencyKey: expected the order that first came with this key; it made ${made.id}`)
  }
  return { grant: (await grantById(ask, made.id))!, epoch: made.epoch }
}

/** Of all that was asked for. */
function digestOf({ resourceKind, resourceId, contractId, ...order }: GrantOrder): string {
  const { channels, fieldSets, regions, embargoDays, validFrom, validTo } = order
  const content = [resourceKind, resourceId, contractId, channels, fieldSets, regions, embargoDays, validFrom, validTo]
  return createHash('sha256').update(JSON.stringify(content)).digest('hex')
}

async function contractOf(ask: Ask, contractId: string | null): Promise<Contract | undefined> {
  if (contractId === null || contractId.includes('\0')) return undefined
  const [contract] = await ask<Contract>(`select ${contractColumns} from entitlement.contract where contract_id = $1`, [
    contractId,
  ])
  return contract
}

async function grantById(ask: Ask, grantId: string): Promise<ReadGrant | undefined> {
  const [grant] = await ask<ReadGrant>(`select ${grantColumns} from entitlement.bounded_grant where grant_id = $1`, [
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

/** Throws Refusal where the tenant would hold more than it can. */
export async function checkRoom(ask: Ask, tenantId: string, more: number): Promise<void> {
  const [row] = await ask<{ held: number }>(
    `select count(*)::int as held from entitlement.access_grant
     where tenant_id = $1 and revoked_at is null and (valid_to is null or valid_to > now())`,
    [tenantId],
  )
  if (row!.held + more > MOST_GRANTS) {
    throw new Refusal(`tenantId: expected a tenant with at most ${MOST_GRANTS} grants; ${tenantId} has ${row!.held}`)
  }
}
