import type { AsOf } from '@fundmesh/platform/service/as-of'
import { askSeen, askSeenValues, type Reader, showSeen } from '@fundmesh/platform/service/reader'
import { manyByKey, oneByKey, perQuestion } from '@fundmesh/platform/warehouse/loaders'
import { fundsById } from './store/funds.ts'
import { latestNavs, type NavHistory, type NavRow, navHistories } from './store/navs.ts'
import {
  primaryShareClasses,
  type ShareClassesOfFund,
  type ShareClassRow,
  shareClassesById,
  shareClassesByIsin,
  shareClassesOfFunds,
} from './store/share-classes.ts'

export type Loaders = ReturnType<typeof createLoaders>

/** What many fields of one request ask for, each kind in one statement, and of what may be seen alone. */
export function createLoaders(reference: Reader, navs: Reader) {
  const shareClassId = ({ id }: ShareClassRow) => id
  const fundOf = ({ fundId }: ShareClassRow) => fundId
  const ofFunds = (ask: (reader: Reader, fundIds: readonly string[]) => Promise<readonly ShareClassRow[]>) =>
    askSeen(
      reference,
      'FUND',
      showSeen(reference, 'SHARE_CLASS', (fundIds) => ask(reference, fundIds), shareClassId),
    )
  const navsOf = (ask: (reader: Reader, ids: readonly string[]) => Promise<readonly NavRow[]>) =>
    askSeenValues(
      navs,
      'SHARE_CLASS',
      (ids) => ask(navs, ids),
      (nav) => [nav.shareClassId, nav.navDate],
    )
  return {
    fundById: oneByKey(
      askSeen(reference, 'FUND', (ids) => fundsById(reference, ids)),
      (fund) => fund.id,
    ),
    shareClassById: oneByKey(
      askSeen(reference, 'SHARE_CLASS', (ids) => shareClassesById(reference, ids)),
      (shareClass) => shareClass.id,
    ),
    shareClassByIsin: oneByKey(
      showSeen(reference, 'SHARE_CLASS', (isins) => shareClassesByIsin(reference, isins), shareClassId),
      (shareClass) => shareClass.isin,
    ),
    /** By fund. */
    primaryShareClass: oneByKey(ofFunds(primaryShareClasses), fundOf),
    /** By fund. */
    shareClassesOfFund: perQuestion((page: ShareClassesOfFund) =>
      manyByKey(
        ofFunds((reader, fundIds) => shareClassesOfFunds(reader, fundIds, page)),
        fundOf,
      ),
    ),
    /** By share class. */
    latestNav: perQuestion((asOf: AsOf) =>
      oneByKey(
        navsOf((reader, ids) => latestNavs(reader, ids, asOf)),
        (nav) => nav.shareClassId,
      ),
    ),
    /** By share class. */
    navHistory: perQuestion((history: NavHistory) =>
      manyByKey(
        navsOf((reader, ids) => navHistories(reader, ids, history)),
        (nav) => nav.shareClassId,
      ),
    ),
  }
}
