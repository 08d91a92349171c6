import { manyByKey, oneByKey } from '@fundmesh/platform/warehouse/loaders'
import type { Warehouse } from '@fundmesh/platform/warehouse/warehouse'
import type { Ledger } from './store/ledger.ts'
import { visibleFunds, visibleShareClasses } from './store/products.ts'
import * as records from './store/records.ts'

export type Loaders = ReturnType<typeof createLoaders>

/** Fresh for each request, on the handles of its caller. */
export function createLoaders(ledger: Ledger, warehouse: Warehouse) {
  const of =
    <Row>(read: (ledger: Ledger, keys: readonly string[]) => Promise<readonly Row[]>) =>
    (keys: readonly string[]) =>
      read(ledger, keys)
  return {
    tenant: oneByKey(of(records.tenantsById), ({ id }) => id),
    contract: oneByKey(of(records.contractsById), ({ id }) => id),
    contractsOfTenant: manyByKey(of(records.contractsOfTenants), ({ tenantId }) => tenantId),
    grant: oneByKey(of(records.grantsById), ({ id }) => id),
    grantsOfTenant: manyByKey(of(records.grantsOfTenants), ({ tenantId }) => tenantId),
    grantsOfContract: manyByKey(of(records.grantsOfContracts), ({ contractId }) => contractId),
    portfolio: oneByKey(of(records.portfoliosById), ({ id }) => id),
    portfoliosOfTenant: manyByKey(of(records.portfoliosOfTenants), ({ tenantId }) => tenantId),
    positionsOfPortfolio: manyByKey(of(records.positionsOfPortfolios), ({ portfolioId }) => portfolioId),
    fund: oneByKey(
      (ids) => visibleFunds(warehouse, ids),
      ({ id }) => id,
    ),
    shareClass: oneByKey(
      (ids) => visibleShareClasses(warehouse, ids),
      ({ id }) => id,
    ),
  }
}
