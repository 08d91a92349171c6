/** Rights for tests that are about something else. */
import { unheard } from '../audit/testing.ts'
import { permitter } from './permit.ts'
import type { RightsOf } from './rights.ts'

/** A set that holds everything. */
const everything: ReadonlySet<string> = Object.assign(new Set<string>(), { has: () => true })

/** Whoever asks may read every field. */
export const mayEverything: RightsOf = (caller) => ({
  authenticated: true,
  scopes: everything,
  policies: everything,
  grantsVersion: 0,
  fingerprint: caller.tenant,
})

export const openAccess = { rightsOf: mayEverything, permit: permitter(), audit: unheard }
