import type { SightingResolvers } from '../generated/graphql.ts'
import { lineOf } from './line.ts'
import { owner } from './owner.ts'

export const Sighting: SightingResolvers = {
  tenant: (grant, _, context) => owner(grant, context),
  grant: (grant) => grant,
  line: (grant, _, context) => lineOf(grant, context),
}
