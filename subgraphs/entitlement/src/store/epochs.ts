/**
 * A tenant's epochs. Every change of the ledger is one transaction: the change, the tenant's next epoch, and a row in the
 * outbox for each target; whoever delivers is woken by the commit.
 */
import { RECORDED } from './channels.ts'
import type { Ask, Ledger } from './ledger.ts'

/** The epoch of the change in hand. The tenant's changes follow one after the other: its row is locked. */
export async function nextEpoch(ask: Ask, tenantId: string): Promise<number | undefined> {
  if (tenantId.includes('\0')) return undefined
  const [row] = await ask<{ epoch: number }>(
    `select (epoch + 1)::float8 as epoch from entitlement.tenant where tenant_id = $1 for update`,
    [tenantId],
  )
  return row?.epoch
}

/** The change in hand was made: its epoch is the tenant's. */
export async function advance(ask: Ask, tenantId: string, epoch: number): Promise<void> {
  await ask('update entitlement.tenant set epoch = $2 where tenant_id = $1', [tenantId, epoch])
  await enqueue(ask, tenantId, epoch)
}

export async function enqueue(ask: Ask, tenantId: string, epoch: number): Promise<void> {
  await ask(
    'insert into entitlement.outbox (tenant_id, epoch, target) select $1, $2, target from entitlement.delivery_target',
    [tenantId, epoch],
  )
  await ask('select pg_notify($1, $2)', [RECORDED, tenantId])
}

/** Gives the tenant an epoch above one that was seen elsewhere, with the same grants. */
export function raiseEpoch(ledger: Ledger, tenantId: string, above: number): Promise<void> {
  return ledger.transaction(async (ask) => {
    const epoch = await nextEpoch(ask, tenantId)
    if (epoch !== undefined) await advance(ask, tenantId, Math.max(epoch, above + 1))
  })
}
