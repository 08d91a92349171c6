import { manyByKey, oneByKey } from '@fundmesh/platform/warehouse/loaders'
import type { Warehouse } from '@fundmesh/platform/warehouse/warehouse'
import { coverageOfProducts } from './store/coverage.ts'
import { dataProductsById, dataProductsBySlug } from './store/data-products.ts'

export type Loaders = ReturnType<typeof createLoaders>

/** What many fields of one request ask for, each kind in one statement. */
export function createLoaders(warehouse: Warehouse) {
  return {
    dataProductById: oneByKey(
      (ids) => dataProductsById(warehouse, ids),
      (product) => product.id,
    ),
    dataProductBySlug: oneByKey(
      (slugs) => dataProductsBySlug(warehouse, slugs),
      (product) => product.slug,
    ),
    /** By product. */
    coverage: manyByKey(
      (productIds) => coverageOfProducts(warehouse, productIds),
      (covered) => covered.productId,
    ),
  }
}
