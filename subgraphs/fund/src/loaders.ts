import type { AsOf } from '@fundmesh/platform/service/as-of'
import { manyByKey, oneByKey, perQuestion } from '@fundmesh/platform/warehouse/loaders'
import type { Warehouse } from '@fundmesh/platform/warehouse/warehouse'
import { fundsById } from './store/funds.ts'
import { latestNavs, type NavHistory, navHistories } from './store/navs.ts'
import {
  primaryShareClasses,
  type ShareClassesOfFund,
  shareClassesById,
  shareClassesByIsin,
  shareClassesOfFunds,
} from './store/share-classes.ts'

export type Loaders = ReturnType<typeof createLoaders>

/** What many fields of one request ask for, each kind in one statement. */
export function createLoaders(warehouse: Warehouse) {
  return {
    fundById: oneByKey(
      (ids) => fundsById(warehouse, ids),
      (fund) => fund.id,
    ),
    shareClassById: oneByKey(
      (ids) => shareClassesById(warehouse, ids),
      (shareClass) => shareClass.id,
    ),
    shareClassByIsin: oneByKey(
      (isins) => shareClassesByIsin(warehouse, isins),
      (shareClass) => shareClass.isin,
    ),
    /** By fund. */
    primaryShareClass: oneByKey(
      (fundIds) => primaryShareClasses(warehouse, fundIds),
      (shareClass) => shareClass.fundId,
    ),
    /** By fund. */
    shareClassesOfFund: perQuestion((page: ShareClassesOfFund) =>
      manyByKey(
        (fundIds) => shareClassesOfFunds(warehouse, fundIds, page),
        (shareClass) => shareClass.fundId,
      ),
    ),
    /** By share class. */
    latestNav: perQuestion((asOf: AsOf) =>
      oneByKey(
        (ids) => latestNavs(warehouse, ids, asOf),
        (nav) => nav.shareClassId,
      ),
    ),
    /** By share class. */
    navHistory: perQuestion((history: NavHistory) =>
      manyByKey(
        (ids) => navHistories(warehouse, ids, history),
        (nav) => nav.shareClassId,
      ),
    ),
  }
}
