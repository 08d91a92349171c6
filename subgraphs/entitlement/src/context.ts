import type { Caller } from '@fundmesh/platform/identity/caller'
import type { Administration } from './administration.ts'
import type { Loaders } from './loaders.ts'
import type { Ledger } from './store/ledger.ts'

/** One request: its caller, what that one may see, and what that one may do. */
export interface Context {
  readonly caller: Caller
  readonly ledger: Ledger
  readonly loaders: Loaders
  /** Throws CallerError FORBIDDEN where the caller may not change anything. */
  readonly administration: () => Administration
}
