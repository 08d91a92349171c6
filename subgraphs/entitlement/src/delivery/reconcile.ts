import type { Logger } from '@fundmesh/platform/telemetry/log'
import { raiseEpoch } from '../store/changes.ts'
import type { Ledger } from '../store/ledger.ts'
import { epochs, reopen } from '../store/outbox.ts'
import type { DeliveryTarget } from './target.ts'

/**
 * Puts back into the outbox what a target has lost (a new broker, a warehouse restored from yesterday), and overtakes a
 * target that is ahead of the ledger (a ledger restored from yesterday): it would refuse all that we have to say.
 */
export async function reconcile(ledger: Ledger, target: DeliveryTarget, log: Logger): Promise<void> {
  // Held first: what is delivered in between only looks like a loss, and is delivered once more.
  const held = await target.held()
  const ours = await epochs(ledger)
  for (const [tenantId, epoch] of ours) {
    const theirs = held.get(tenantId) ?? 0
    if (theirs < epoch) await reopen(ledger, target.name, tenantId)
    if (theirs <= epoch) continue
    log.error(
      { target: target.name, tenantId, epoch, held: theirs },
      'the target is ahead of the ledger: overtaking it',
    )
    await raiseEpoch(ledger, tenantId, theirs)
  }
  const strangers = [...held.keys()].filter((tenantId) => !ours.has(tenantId))
  if (strangers.length > 0) log.warn({ target: target.name, strangers }, 'the target holds tenants that are not ours')
}
