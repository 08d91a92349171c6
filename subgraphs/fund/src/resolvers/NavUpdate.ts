import type { NavUpdateResolvers } from '../generated/graphql.ts'

export const NavUpdate: NavUpdateResolvers = {
  shareClass: ({ shareClassId }, _, { loaders }) => loaders.shareClassById.load(shareClassId),
}
