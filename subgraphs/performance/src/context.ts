import type { FieldSet } from '@fundmesh/platform/grants/reading'
import type { Passport } from '@fundmesh/platform/identity/passport'
import { canonicalDateTime } from '@fundmesh/platform/scalars/date-time'
import type { Reader } from '@fundmesh/platform/service/reader'
import { createLoaders, type Loaders } from './loaders.ts'
import type { AskForFxSeries } from './store/fx-rates.ts'

/** What a resolver may use: all of it belongs to one request of one tenant. */
export interface Context {
  /** The instant whose knowledge answers the operation, canonical. */
  readonly knownAt: string
  readonly loaders: Loaders
}

export function createContext(
  passport: Passport,
  readerOf: (fieldSet: FieldSet) => Reader,
  askForFxSeries: AskForFxSeries,
): Context {
  return {
    knownAt: canonicalDateTime(passport.knownAt),
    loaders: createLoaders(readerOf('PERFORMANCE'), readerOf('NAV'), askForFxSeries),
  }
}
