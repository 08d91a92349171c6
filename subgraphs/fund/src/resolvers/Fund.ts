import { keysetPage } from '@fundmesh/platform/service/keyset-page'
import type { FundResolvers } from '../generated/graphql.ts'

export const Fund: FundResolvers = {
  // A fund that the tenant may not see is null, as one that does not exist.
  __resolveReference: ({ id }, { loaders }) => loaders.fundById.load(id),

  shareClasses: ({ id: fundId }, { first, after }, { caller, knownAt, cursors, loaders }) =>
    keysetPage(cursors, {
      tenant: caller.tenant,
      query: ['Fund.shareClasses', fundId],
      first,
      after,
      knownAt,
      read: (place) => loaders.shareClassesOfFund({ after: place.after, rows: place.rows }).load(fundId),
      keyOf: ({ id }) => id,
    }),

  primaryShareClass: ({ id }, _, { loaders }) => loaders.primaryShareClass.load(id),
}
