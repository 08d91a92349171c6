/** What an auditor may ask: who could see what. Holding one means that the scope was there. */

import type { Channel, FieldSet } from '@fundmesh/platform/grants/reading'
import type { GrantsReplica } from '@fundmesh/platform/grants/replica'
import { AUDIT_ALL_SCOPE, type Caller } from '@fundmesh/platform/identity/caller'
import { CallerError } from '@fundmesh/platform/service/errors'
import { type GrantsAsOf, grantsThatOpened } from './store/history.ts'
import type { Ledger } from './store/ledger.ts'
import type { ReadGrant, ResourceRef } from './store/records.ts'

/** What the grant of one resource opens of another: share classes belong to funds. */
export type Structure = Pick<GrantsReplica, 'fundOf' | 'shareClassesOf'>

export interface Sightings {
  /** The grants under which the resource could be read; of the channel and field set where one is named. */
  whoCouldSee(
    resource: ResourceRef,
    how: { readonly channel: Channel | null; readonly fieldSet: FieldSet | null },
    asOf: GrantsAsOf,
  ): Promise<readonly ReadGrant[]>
}

/** Throws CallerError FORBIDDEN where the caller lacks the scope. */
export function sightingsFor(caller: Caller, ledger: Ledger, structure: Structure): Sightings {
  if (!caller.scopes.has(AUDIT_ALL_SCOPE))
    throw new CallerError('FORBIDDEN', `the scope ${AUDIT_ALL_SCOPE} is required`)
  return {
    whoCouldSee: (resource, { channel, fieldSet }, asOf) =>
      grantsThatOpened(ledger, { resources: openers(resource, fieldSet, structure), channel, fieldSet }, asOf),
  }
}

/** The resources whose grants open a resource. */
function openers(resource: ResourceRef, fieldSet: FieldSet | null, structure: Structure): readonly ResourceRef[] {
  if (resource.kind === 'SHARE_CLASS') {
    const fund = structure.fundOf(resource.id)
    return fund === undefined ? [resource] : [resource, { kind: 'FUND', id: fund }]
  }
  // Of its fund, the grant of a share class opens the REFERENCE facts.
  if (fieldSet !== null && fieldSet !== 'REFERENCE') return [resource]
  return [resource, ...structure.shareClassesOf(resource.id).map((id): ResourceRef => ({ kind: 'SHARE_CLASS', id }))]
}
