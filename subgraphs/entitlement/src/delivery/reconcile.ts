import type { Logger } from '@fundmesh/platform/telemetry/log'
import { raiseEpoch } from '../store/epochs.ts'
import type { Ledger } from '../store/ledger.ts'
import { type Newest, newestChanges, newestConfirmed, reopen } from '../store/outbox.ts'
import type { DeliveryTarget, HeldEpoch } from './target.ts'

/**
 * Puts back into the outbox what a target has lost (a new broker, a warehouse restored from yesterday), and overtakes a
 * target that holds another history than ours (a ledger restored from yesterday): it would refuse what we have to say.
 */
export async function reconcile(ledger: Ledger, target: DeliveryTarget, log: Logger): Promise<void> {
  // In this order: what is delivered in between looks neither lost nor foreign.
  const confirmed = await newestConfirmed(ledger, target.name)
  const held = await target.held()
  const ours = await newestChanges(ledger, target.name)
  for (const [tenantId, newest] of ours) {
    const theirs = held.get(tenantId) ?? { epoch: 0 }
    const about = { target: target.name, tenantId, epoch: newest.epoch, held: theirs.epoch }
    if (isForeign(theirs, newest)) {
      log.error(about, 'the target holds another history than the ledger: overtaking it')
      await raiseEpoch(ledger, tenantId, theirs.epoch)
    } else if (theirs.epoch < (confirmed.get(tenantId)?.epoch ?? 0)) {
      log.warn(about, 'the target has lost grants: delivering them again')
      await reopen(ledger, target.name, tenantId)
    }
  }
  const strangers = [...held.keys()].filter((tenantId) => !ours.has(tenantId))
  if (strangers.length > 0) log.warn({ target: target.name, strangers }, 'the target holds tenants that are not ours')
}

function isForeign(theirs: HeldEpoch, { epoch, changedAt }: Newest): boolean {
  if (theirs.epoch !== epoch) return theirs.epoch > epoch
  return theirs.changedAt !== undefined && theirs.changedAt !== changedAt
}
