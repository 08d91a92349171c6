import type { TenantResolvers } from '../generated/graphql.ts'

export const Tenant: TenantResolvers = {
  __resolveReference: ({ id }, { loaders }) => loaders.tenant.load(id),
  contracts: async ({ id }, _, { loaders }) => [...(await loaders.contractsOfTenant.load(id))],
  grants: async ({ id }, _, { loaders }) => [...(await loaders.grantsOfTenant.load(id))],
  portfolios: async ({ id }, _, { loaders }) => [...(await loaders.portfoliosOfTenant.load(id))],
}
