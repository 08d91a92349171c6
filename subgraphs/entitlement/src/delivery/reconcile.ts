import type { Logger } from '@fundmesh/platform/telemetry/log'
import { raiseEpoch } from '../store/epochs.ts'
import type { Ledger } from '../store/ledger.ts'
import { grantSet, type Newest, newestChanges, newestConfirmed, reopen } from '../store/outbox.ts'
import { drift } from './drift.ts'
import type { DeliveryTarget, HeldEpoch } from './target.ts'

/** Tenants whose content is compared at a time; the next come with the next comparison. */
const COMPARED = 20

/**
 * Puts back into the outbox what a target has lost (a new broker, a warehouse restored from yesterday), and overtakes a
 * target that holds another history than ours (a ledger restored from yesterday): it would refuse what we have to say.
 * Of some tenants it also compares the grants themselves; the metric `entitlement_drift`, in the log, counts those that
 * differ, which nothing that went right can bring about. `round` counts the comparisons.
 */
export async function reconcile(ledger: Ledger, target: DeliveryTarget, log: Logger, round: number): Promise<void> {
  // In this order: what is delivered in between looks neither lost nor foreign.
  const confirmed = await newestConfirmed(ledger, target.name)
  const held = await target.held()
  const ours = await newestChanges(ledger, target.name)
  for (const [tenantId, newest] of ours) {
    const theirs: Pick<HeldEpoch, 'epoch' | 'changedAt'> = held.get(tenantId) ?? { epoch: 0 }
    const about = { target: target.name, tenantId, epoch: newest.epoch, held: theirs.epoch }
    if (isForeign(theirs, newest)) {
      log.error(about, 'the target holds another history than the ledger: overtaking it')
      await raiseEpoch(ledger, tenantId, theirs.epoch)
    } else if (theirs.epoch < (confirmed.get(tenantId)?.epoch ?? 0)) {
      log.warn(about, 'the target has lost grants: delivering them again')
      await reopen(ledger, target.name, tenantId)
    }
  }
  await compareContent(
    ledger,
    target,
    log,
    slice(
      [...held].filter(([tenantId]) => ours.has(tenantId)),
      round,
    ),
  )
  const strangers = [...held.keys()].filter((tenantId) => !ours.has(tenantId))
  if (strangers.length > 0) log.warn({ target: target.name, strangers }, 'the target holds tenants that are not ours')
}

async function compareContent(
  ledger: Ledger,
  target: DeliveryTarget,
  log: Logger,
  held: readonly (readonly [tenantId: string, held: HeldEpoch])[],
): Promise<void> {
  let found = 0
  for (const [tenantId, { content }] of held) {
    const theirs = await content?.()
    if (!theirs) continue
    const ours = await grantSet(ledger, target.name, tenantId, theirs.epoch)
    const grantIds = ours ? drift(ours, theirs) : []
    if (grantIds.length === 0) continue
    found += grantIds.length
    const about = { target: target.name, tenantId, epoch: theirs.epoch, grantIds: grantIds.slice(0, 10) }
    log.error(about, 'the target holds other grants than the ledger: overtaking it')
    await raiseEpoch(ledger, tenantId, theirs.epoch)
  }
  log[found === 0 ? 'debug' : 'error'](
    { target: target.name, entitlement_drift: found, tenants: held.length },
    'compared grants with the ledger',
  )
}

/** Some of them, others in each round, all of them in the end. */
function slice<Item>(items: readonly Item[], round: number): readonly Item[] {
  const rounds = Math.max(1, Math.ceil(items.length / COMPARED))
  const from = (round % rounds) * COMPARED
  return items.slice(from, from + COMPARED)
}

function isForeign(theirs: Pick<HeldEpoch, 'epoch' | 'changedAt'>, { epoch, changedAt }: Newest): boolean {
  if (theirs.epoch !== epoch) return theirs.epoch > epoch
  return theirs.changedAt !== undefined && theirs.changedAt !== changedAt
}
