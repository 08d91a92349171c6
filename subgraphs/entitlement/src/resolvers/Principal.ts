import type { PrincipalResolvers } from '../generated/graphql.ts'

export const Principal: PrincipalResolvers = {
  roles: ({ roles }) => [...roles],
}
