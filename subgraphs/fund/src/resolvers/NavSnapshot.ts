import type { NavSnapshotResolvers } from '../generated/graphql.ts'

export const NavSnapshot: NavSnapshotResolvers = {
  shareClass: ({ shareClassId }, _, { loaders }) => loaders.shareClassById.load(shareClassId),
}
