import { CallerError } from '@fundmesh/platform/service/errors'
import type { QueryResolvers } from '../generated/graphql.ts'
import { allTenants } from '../store/records.ts'

export const Query: QueryResolvers = {
  async me(_, __, { caller, loaders }) {
    const tenant = await loaders.tenant.load(caller.tenant)
    if (!tenant) throw new CallerError('FORBIDDEN', 'the tenant of the caller is not registered')
    return tenant
  },
  tenant: (_, { id }, { loaders }) => loaders.tenant.load(id),
  tenants: async (_, __, { ledger }) => [...(await allTenants(ledger))],
  portfolio: (_, { id }, { loaders }) => loaders.portfolio.load(id),
}
