/** Rights for tests that are about something else. */

import { createLogger } from '@fundmesh/platform/telemetry/log'
import { unheard } from '../audit/testing.ts'
import { chargeWithin } from '../budget/testing.ts'
import { completion } from '../shape/complete.ts'
import type { LoadedSupergraph } from '../supergraph/supergraph.ts'
import type { Views } from '../view/views.ts'
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

/** What the roads need of the rooms before planning, for a caller who may read everything and has budget for it. */
export const openAccess = (
  loaded: Pick<LoadedSupergraph, 'rules' | 'supergraph' | 'supergraphSchema'>,
  views: Pick<Views, 'graph'>,
) => ({
  rightsOf: mayEverything,
  permit: permitter({
    rules: loaded.rules,
    schemaOf: ({ view }) => views.graph(view).schema,
    mode: 'null',
    log: createLogger('test', 'silent'),
  }),
  audit: unheard,
  complete: completion(views),
  charge: chargeWithin(loaded),
})
