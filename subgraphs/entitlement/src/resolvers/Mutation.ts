import type { MutationResolvers } from '../generated/graphql.ts'

export const Mutation: MutationResolvers = {
  registerTenant: (_, { input }, { administration }) => administration().registerTenant(input),
  grant: (_, { input }, { administration }) => administration().grant(input),
  revoke: (_, { grantId, reason }, { administration }) => administration().revoke(grantId, reason),
  suspendGrant: (_, { grantId, reason }, { administration }) => administration().suspend(grantId, reason),
  resumeGrant: (_, { grantId, reason }, { administration }) => administration().resume(grantId, reason),
  recordContract: (_, { input }, { administration }) => administration().recordContract(input),
  terminateContract: (_, { contractId, reason }, { administration }) =>
    administration().terminateContract(contractId, reason),
  assignRoles: (_, input, { administration }) => administration().assignRoles(input),
}
