import type { NavStreamEventResolvers } from '../generated/graphql.ts'

export const NavStreamEvent: NavStreamEventResolvers = {
  __resolveType: ({ __typename }) => __typename,
}
