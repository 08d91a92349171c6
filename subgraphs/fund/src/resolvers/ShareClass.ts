import { resolveAsOf } from '@fundmesh/platform/service/as-of'
import { CallerError } from '@fundmesh/platform/service/errors'
import { keysetPage } from '@fundmesh/platform/service/keyset-page'
import type { ShareClassResolvers } from '../generated/graphql.ts'

export const ShareClass: ShareClassResolvers = {
  // A share class that the tenant may not see is null, as one that does not exist.
  __resolveReference(reference, { loaders }) {
    if ('id' in reference) return loaders.shareClassById.load(reference.id)
    return reference.isin ? loaders.shareClassByIsin.load(reference.isin) : null
  },

  async fund({ fundId }, _, { loaders }) {
    const fund = await loaders.fundById.load(fundId)
    // The policies show the fund of every share class they show; a grant can end between the two statements.
    if (!fund) throw new Error(`the fund ${fundId} of a visible share class is not visible`)
    return fund
  },

  nav: ({ id }, { asOf }, { knownAt, loaders }) => loaders.latestNav(resolveAsOf(asOf, knownAt)).load(id),

  navHistory({ id }, { from, to, first, after, asOf }, { caller, knownAt, cursors, loaders }) {
    if (from && to && from > to) {
      throw new CallerError('BAD_USER_INPUT', `navHistory: expected from <= to; got from ${from} and to ${to}`)
    }
    return keysetPage(cursors, {
      tenant: caller.tenant,
      query: ['ShareClass.navHistory', id, from, to, asOf?.validAt],
      first,
      after,
      knownAt: resolveAsOf(asOf, knownAt).knownAt,
      fixedKnownAt: asOf?.knownAt,
      read: (place) =>
        loaders.navHistory({ from: from ?? undefined, to: earliest(to, asOf?.validAt), ...place }).load(id),
      keyOf: ({ navDate }) => navDate,
    })
  },
}

/** The earlier of two last days, each of which may be left open. */
function earliest(...days: readonly (string | null | undefined)[]): string | undefined {
  return days.filter((day) => day != null).sort()[0]
}
