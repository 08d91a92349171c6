import { askSeen, askSeenValues, type Reader } from '@fundmesh/platform/service/reader'
import { manyByKey, oneByKey, perQuestion } from '@fundmesh/platform/warehouse/loaders'
import { type NavWindow, navWindows } from './store/navs.ts'
import { shareClassesById } from './store/share-classes.ts'

export type Loaders = ReturnType<typeof createLoaders>

/** What many fields of one request ask for, each kind in one statement, and of what may be seen alone. */
export function createLoaders(reader: Reader) {
  return {
    shareClassById: oneByKey(
      askSeen(reader, 'SHARE_CLASS', (ids) => shareClassesById(reader, ids)),
      (shareClass) => shareClass.id,
    ),
    /** By share class. */
    navWindow: perQuestion((window: NavWindow) =>
      manyByKey(
        askSeenValues(
          reader,
          'SHARE_CLASS',
          (ids) => navWindows(reader, ids, window),
          (nav) => [nav.shareClassId, nav.date],
        ),
        (nav) => nav.shareClassId,
      ),
    ),
  }
}
