import { manyByKey, oneByKey, perQuestion } from '@fundmesh/platform/warehouse/loaders'
import type { Warehouse } from '@fundmesh/platform/warehouse/warehouse'
import { type NavWindow, navWindows } from './store/navs.ts'
import { shareClassesById } from './store/share-classes.ts'

export type Loaders = ReturnType<typeof createLoaders>

/** What many fields of one request ask for, each kind in one statement. */
export function createLoaders(warehouse: Warehouse) {
  return {
    shareClassById: oneByKey(
      (ids) => shareClassesById(warehouse, ids),
      (shareClass) => shareClass.id,
    ),
    /** By share class. */
    navWindow: perQuestion((window: NavWindow) =>
      manyByKey(
        (ids) => navWindows(warehouse, ids, window),
        (nav) => nav.shareClassId,
      ),
    ),
  }
}
