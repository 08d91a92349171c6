import type { AsOf } from '@fundmesh/platform/service/as-of'
import { askSeen, askSeenValues, type Reader } from '@fundmesh/platform/service/reader'
import { manyByKey, oneByKey, perQuestion } from '@fundmesh/platform/warehouse/loaders'
import type { AskForFxSeries } from './store/fx-rates.ts'
import { latestNavs, type NavRow, navSeries } from './store/navs.ts'
import { shareClassesById } from './store/share-classes.ts'

export type Loaders = ReturnType<typeof createLoaders>

/** What many fields of one request ask for, each kind in one statement, and of what may be seen alone. */
export function createLoaders(reader: Reader, askForFxSeries: AskForFxSeries) {
  const navsOf = (ask: (ids: readonly string[]) => Promise<readonly NavRow[]>) =>
    askSeenValues(reader, 'SHARE_CLASS', ask, (nav) => [nav.shareClassId, nav.date])
  return {
    shareClassById: oneByKey(
      askSeen(reader, 'SHARE_CLASS', (ids) => shareClassesById(reader, ids)),
      (shareClass) => shareClass.id,
    ),
    /** By share class. */
    navSeries: perQuestion(({ knownAt }: { readonly knownAt: string }) =>
      manyByKey(
        navsOf((ids) => navSeries(reader, ids, knownAt)),
        (nav) => nav.shareClassId,
      ),
    ),
    /** By share class. */
    latestNav: perQuestion((asOf: AsOf) =>
      oneByKey(
        navsOf((ids) => latestNavs(reader, ids, asOf)),
        (nav) => nav.shareClassId,
      ),
    ),
    /** By currency. */
    fxSeries: perQuestion(({ knownAt }: { readonly knownAt: string }) =>
      oneByKey(
        (currencies) => askForFxSeries(reader, currencies, knownAt),
        (series) => series.currency,
      ),
    ),
  }
}
