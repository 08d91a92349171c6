import type { MutationResolvers } from '../generated/graphql.ts'

export const Mutation: MutationResolvers = {
  registerTenant: (_, { input }, { administration }) => administration().registerTenant(input),
  grant: (_, { input }, { administration }) => administration().grant(input),
  revoke: (_, { grantId, reason }, { administration }) => administration().revoke(grantId, reason),
}
