import { askSeen, type Reader } from '@fundmesh/platform/service/reader'
import { manyByKey, oneByKey, perQuestion } from '@fundmesh/platform/warehouse/loaders'
import { type GrantsAsOf, grantsHeld } from './store/history.ts'
import type { Ledger } from './store/ledger.ts'
import { visibleFunds, visibleShareClasses } from './store/products.ts'
import * as records from './store/records.ts'

export type Loaders = ReturnType<typeof createLoaders>

/** Fresh for each request, on the handles of its caller. `decidable` resolves when it can be told what may be seen. */
export function createLoaders(ledger: Ledger, reader: Reader, decidable: () => Promise<void>) {
  const of =
    <Row>(read: (ledger: Ledger, keys: readonly string[]) => Promise<readonly Row[]>) =>
    (keys: readonly string[]) =>
      read(ledger, keys)
  const ofVisible = (kind: 'FUND' | 'SHARE_CLASS', ask: typeof visibleFunds) => {
    const seen = askSeen(reader, kind, (ids) => ask(reader, ids))
    return async (ids: readonly string[]) => {
      await decidable()
      return seen(ids)
    }
  }
  return {
    tenant: oneByKey(of(records.tenantsById), ({ id }) => id),
    contract: oneByKey(of(records.contractsById), ({ id }) => id),
    contractsOfTenant: manyByKey(of(records.contractsOfTenants), ({ tenantId }) => tenantId),
    grant: oneByKey(of(records.grantsById), ({ id }) => id),
    grantsOfTenant: manyByKey(of(records.grantsOfTenants), ({ tenantId }) => tenantId),
    grantsHeldBy: perQuestion((asOf: GrantsAsOf) =>
      manyByKey(
        (tenantIds) => grantsHeld(ledger, tenantIds, asOf),
        ({ tenantId }) => tenantId,
      ),
    ),
    linesOfContract: manyByKey(of(records.linesOfContracts), ({ contractId }) => contractId),
    principalsOfTenant: manyByKey(of(records.principalsOfTenants), ({ tenantId }) => tenantId),
    grantsOfContract: manyByKey(of(records.grantsOfContracts), ({ contractId }) => contractId),
    portfolio: oneByKey(of(records.portfoliosById), ({ id }) => id),
    portfoliosOfTenant: manyByKey(of(records.portfoliosOfTenants), ({ tenantId }) => tenantId),
    positionsOfPortfolio: manyByKey(of(records.positionsOfPortfolios), ({ portfolioId }) => portfolioId),
    fund: oneByKey(ofVisible('FUND', visibleFunds), ({ id }) => id),
    shareClass: oneByKey(ofVisible('SHARE_CLASS', visibleShareClasses), ({ id }) => id),
  }
}
