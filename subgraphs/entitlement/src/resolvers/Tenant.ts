import { consistencyToken } from '@fundmesh/platform/grants/consistency-token'
import type { TenantResolvers } from '../generated/graphql.ts'
import { grantsAsOf } from './as-of.ts'

export const Tenant: TenantResolvers = {
  __resolveReference: ({ id }, { loaders }) => loaders.tenant.load(id),
  contracts: async ({ id }, _, { loaders }) => [...(await loaders.contractsOfTenant.load(id))],
  grants: async ({ id }, { asOf }, { loaders, knownAt }) => {
    const grants = asOf ? loaders.grantsHeldBy(grantsAsOf(asOf.validAt, asOf.knownAt, knownAt)) : loaders.grantsOfTenant
    return [...(await grants.load(id))]
  },
  principals: async ({ id }, _, { loaders }) => [...(await loaders.principalsOfTenant.load(id))],
  consistencyToken: ({ id, epoch }) => consistencyToken({ tenant: id, epoch }),
  portfolios: async ({ id }, _, { loaders }) => [...(await loaders.portfoliosOfTenant.load(id))],
}
