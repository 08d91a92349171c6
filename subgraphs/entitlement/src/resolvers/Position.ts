import type { PositionResolvers } from '../generated/graphql.ts'

export const Position: PositionResolvers = {
  shareClass: ({ shareClassId }, _, { loaders }) => loaders.shareClass.load(shareClassId),
}
