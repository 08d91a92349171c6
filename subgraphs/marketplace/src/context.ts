import type { FieldSet } from '@fundmesh/platform/grants/reading'
import type { Caller } from '@fundmesh/platform/identity/caller'
import type { Passport } from '@fundmesh/platform/identity/passport'
import { canonicalDateTime } from '@fundmesh/platform/scalars/date-time'
import type { CursorCodec } from '@fundmesh/platform/service/cursor'
import type { Reader } from '@fundmesh/platform/service/reader'
import { createLoaders, type Loaders } from './loaders.ts'

/** What a resolver may use: all of it belongs to one request of one tenant. */
export interface Context {
  readonly caller: Caller
  /** The instant whose knowledge answers the operation, canonical. */
  readonly knownAt: string
  readonly reader: Reader
  readonly loaders: Loaders
  readonly cursors: CursorCodec
}

export function createContext(
  passport: Passport,
  readerOf: (fieldSet: FieldSet) => Reader,
  cursors: CursorCodec,
): Context {
  const reader = readerOf('REFERENCE')
  return {
    caller: passport.caller,
    knownAt: canonicalDateTime(passport.knownAt),
    reader,
    loaders: createLoaders(reader),
    cursors,
  }
}
