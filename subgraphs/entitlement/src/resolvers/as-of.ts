import { resolveAsOf } from '@fundmesh/platform/service/as-of'
import { instant } from '../domain/instant.ts'
import type { GrantsAsOf } from '../store/history.ts'

/** Which truth about grants is asked for, in an operation that knows what was known at `operationKnownAt`. */
export function grantsAsOf(validAt: string, knownAt: string | null | undefined, operationKnownAt: string): GrantsAsOf {
  const known = resolveAsOf({ knownAt }, operationKnownAt).knownAt
  return { validAt: instant(validAt), knownAt: instant(known) }
}
