import type { AsOf } from '@fundmesh/platform/service/as-of'
import { askSeen, askSeenValues, type Reader } from '@fundmesh/platform/service/reader'
import { manyByKey, oneByKey, perQuestion } from '@fundmesh/platform/warehouse/loaders'
import type { AskForFxSeries } from './store/fx-rates.ts'
import { latestNavs, type NavRow, navSeries } from './store/navs.ts'
import { shareClassesById } from './store/share-classes.ts'

export type Loaders = ReturnType<typeof createLoaders>

/**
 * What many fields of one request ask for, each kind in one statement, and of what may be seen alone: `reader` of what is
 * computed, `navReader` of the values themselves. A market value of one share is the NAV: a right to performance opens none.
 */
export function createLoaders(reader: Reader, navReader: Reader, askForFxSeries: AskForFxSeries) {
  const navsOf = (sight: Reader, ask: (ids: readonly string[]) => Promise<readonly NavRow[]>) =>
    askSeenValues(sight, 'SHARE_CLASS', ask, (nav) => [nav.shareClassId, nav.date])
  return {
    shareClassById: oneByKey(
      askSeen(reader, 'SHARE_CLASS', (ids) => shareClassesById(reader, ids)),
      (shareClass) => shareClass.id,
    ),
    /** By share class. */
    navSeries: perQuestion(({ knownAt }: { readonly knownAt: string }) =>
      manyByKey(
        navsOf(reader, (ids) => navSeries(reader, ids, knownAt)),
        (nav) => nav.shareClassId,
      ),
    ),
    /** By share class. */
    latestNav: perQuestion((asOf: AsOf) =>
      oneByKey(
        navsOf(navReader, (ids) => latestNavs(navReader, ids, asOf)),
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
