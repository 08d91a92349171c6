import type { DataProductResolvers } from '../generated/graphql.ts'

export const DataProduct: DataProductResolvers = {
  __resolveReference: (reference, { loaders }) =>
    'id' in reference ? loaders.dataProductById.load(reference.id) : loaders.dataProductBySlug.load(reference.slug),

  async covers({ id }, _, { loaders }) {
    const covered = await loaders.coverage.load(id)
    return covered.map(({ fundId }) => ({ __typename: 'Fund' as const, id: fundId }))
  },
}
