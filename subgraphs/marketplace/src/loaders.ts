import { type Reader, showSeen } from '@fundmesh/platform/service/reader'
import { manyByKey, oneByKey } from '@fundmesh/platform/warehouse/loaders'
import { coverageOfProducts } from './store/coverage.ts'
import { dataProductsById, dataProductsBySlug } from './store/data-products.ts'

export type Loaders = ReturnType<typeof createLoaders>

/** What many fields of one request ask for, each kind in one statement. */
export function createLoaders(reader: Reader) {
  return {
    dataProductById: oneByKey(
      (ids) => dataProductsById(reader, ids),
      (product) => product.id,
    ),
    dataProductBySlug: oneByKey(
      (slugs) => dataProductsBySlug(reader, slugs),
      (product) => product.slug,
    ),
    /** By product. */
    coverage: manyByKey(
      showSeen(
        reader,
        'FUND',
        (productIds) => coverageOfProducts(reader, productIds),
        ({ fundId }) => fundId,
      ),
      (covered) => covered.productId,
    ),
  }
}
