import { keysetPage } from '@fundmesh/platform/service/keyset-page'
import type { QueryResolvers } from '../generated/graphql.ts'
import { dataProductsPage } from '../store/data-products.ts'

export const Query: QueryResolvers = {
  dataProduct: (_, { slug }, { loaders }) => loaders.dataProductBySlug.load(slug),

  dataProducts: (_, { first, after }, { caller, knownAt, cursors, reader }) =>
    keysetPage(cursors, {
      tenant: caller.tenant,
      query: ['Query.dataProducts'],
      first,
      after,
      knownAt,
      read: (place) => dataProductsPage(reader, place),
      keyOf: ({ id }) => id,
    }),
}
