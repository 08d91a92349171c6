import type { Caller } from '@fundmesh/platform/identity/caller'
import type { Administration } from './administration.ts'
import type { AuditReader } from './audit/audit-reader.ts'
import type { Loaders } from './loaders.ts'
import type { Sightings } from './sightings.ts'
import type { Ledger } from './store/ledger.ts'

/** One request: its caller, what that one may see, and what that one may do. */
export interface Context {
  readonly caller: Caller
  /** The instant whose knowledge answers the operation, canonical. Never what may be read: that is decided now. */
  readonly knownAt: string
  readonly ledger: Ledger
  readonly loaders: Loaders
  /** Throws CallerError FORBIDDEN where the caller may not change anything. */
  readonly administration: () => Administration
  /** Throws CallerError FORBIDDEN where the caller may not ask who could see what. */
  readonly sightings: () => Sightings
  /** What may be asked of the audit trail, and why somebody may read something. */
  readonly trail: AuditReader
}
