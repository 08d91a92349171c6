/** Whether a holder of grants has what the ledger says: the measure is the number of grants that differ, and it is 0. */
import type { GrantSet, HeldGrant } from '../store/outbox.ts'

/** The ids of the grants that one has and the other has not, or has otherwise. */
export function drift(ours: Pick<GrantSet, 'grants'>, theirs: Pick<GrantSet, 'grants'>): readonly string[] {
  const contentOf = ({ grants }: Pick<GrantSet, 'grants'>) =>
    new Map(grants.map((grant) => [grant.grantId, content(grant)]))
  const [here, there] = [contentOf(ours), contentOf(theirs)]
  return [...new Set([...here.keys(), ...there.keys()])].filter((id) => here.get(id) !== there.get(id)).sort()
}

const content = (grant: HeldGrant): string =>
  JSON.stringify([
    grant.resourceKind,
    grant.resourceId,
    instantContent(grant.validFrom),
    grant.validTo && instantContent(grant.validTo),
    grant.channels,
    grant.fieldSets,
    grant.regions,
    grant.embargoDays,
  ])

/** Events leave out microseconds that are none. */
const instantContent = (instant: string): string => instant.slice(0, -1).padEnd(26, '0')
