import { MAX_PAGE } from '@fundmesh/platform/service/connection'
import { CallerError } from '@fundmesh/platform/service/errors'
import { keysetPage } from '@fundmesh/platform/service/keyset-page'
import { seenPage } from '@fundmesh/platform/service/reader'
import { isStorable } from '@fundmesh/platform/warehouse/loaders'
import type { QueryResolvers } from '../generated/graphql.ts'
import { fundsById } from '../store/funds.ts'
import { shareClassesById } from '../store/share-classes.ts'

export const Query: QueryResolvers = {
  fund: (_, { id }, { loaders }) => loaders.fundById.load(id),

  async funds(_, { first, after }, { caller, knownAt, cursors, reference, loaders }) {
    const page = await keysetPage(cursors, {
      tenant: caller.tenant,
      query: ['Query.funds'],
      first,
      after,
      knownAt,
      read: (place) =>
        seenPage({
          ids: reference.all('FUND'),
          ...place,
          ask: (ids) => fundsById(reference, ids),
          idOf: ({ id }) => id,
        }),
      keyOf: ({ id }) => id,
    })
    for (const fund of page.nodes) loaders.fundById.prime(fund.id, fund)
    return page
  },

  shareClass: (_, { id }, { loaders }) => loaders.shareClassById.load(id),

  shareClassByIsin: (_, { isin }, { loaders }) => loaders.shareClassByIsin.load(isin),

  async shareClasses(_, { ids: asked, first, after }, { caller, knownAt, cursors, reference, loaders }) {
    const ids = asked ? distinct(asked) : undefined
    const page = await keysetPage(cursors, {
      tenant: caller.tenant,
      query: ['Query.shareClasses', ids && JSON.stringify(ids)],
      first,
      after,
      knownAt,
      read: (place) =>
        seenPage({
          ids: ids ? ids.filter((id) => reference.sees('SHARE_CLASS', id)) : reference.all('SHARE_CLASS'),
          ...place,
          ask: (some) => shareClassesById(reference, some),
          idOf: ({ id }) => id,
        }),
      keyOf: ({ id }) => id,
    })
    for (const shareClass of page.nodes) loaders.shareClassById.prime(shareClass.id, shareClass)
    return page
  },
}

function distinct(ids: readonly string[]): readonly string[] {
  if (ids.length > MAX_PAGE) {
    throw new CallerError('BAD_USER_INPUT', `ids: expected at most ${MAX_PAGE}; got ${ids.length}`)
  }
  return [...new Set(ids)].filter(isStorable).sort()
}
