import type { NavTickResolvers } from '../generated/graphql.ts'

export const NavTick: NavTickResolvers = {
  __resolveType: ({ __typename }) => __typename,
}
