import type { AsOf } from '@fundmesh/platform/service/as-of'
import { manyByKey, oneByKey, perQuestion } from '@fundmesh/platform/warehouse/loaders'
import type { Warehouse } from '@fundmesh/platform/warehouse/warehouse'
import type { AskForFxSeries } from './store/fx-rates.ts'
import { latestNavs, navSeries } from './store/navs.ts'
import { shareClassesById } from './store/share-classes.ts'

export type Loaders = ReturnType<typeof createLoaders>

/** What many fields of one request ask for, each kind in one statement. */
export function createLoaders(warehouse: Warehouse, askForFxSeries: AskForFxSeries) {
  return {
    shareClassById: oneByKey(
      (ids) => shareClassesById(warehouse, ids),
      (shareClass) => shareClass.id,
    ),
    /** By share class. */
    navSeries: perQuestion(({ knownAt }: { readonly knownAt: string }) =>
      manyByKey(
        (ids) => navSeries(warehouse, ids, knownAt),
        (nav) => nav.shareClassId,
      ),
    ),
    /** By share class. */
    latestNav: perQuestion((asOf: AsOf) =>
      oneByKey(
        (ids) => latestNavs(warehouse, ids, asOf),
        (nav) => nav.shareClassId,
      ),
    ),
    /** By currency. */
    fxSeries: perQuestion(({ knownAt }: { readonly knownAt: string }) =>
      oneByKey(
        (currencies) => askForFxSeries(warehouse, currencies, knownAt),
        (series) => series.currency,
      ),
    ),
  }
}
