import { CallerError } from '@fundmesh/platform/service/errors'
import type { QueryResolvers } from '../generated/graphql.ts'
import { allTenants } from '../store/records.ts'
import { grantsAsOf } from './as-of.ts'

export const Query: QueryResolvers = {
  async me(_, __, { caller, loaders }) {
    const tenant = await loaders.tenant.load(caller.tenant)
    if (!tenant) throw new CallerError('FORBIDDEN', 'the tenant of the caller is not registered')
    return tenant
  },
  tenant: (_, { id }, { loaders }) => loaders.tenant.load(id),
  tenants: async (_, __, { ledger }) => [...(await allTenants(ledger))],
  whoCouldSee: async (
    _,
    { resourceKind, resourceId, validAt, channel, fieldSet, ...asked },
    { sightings, knownAt },
  ) => {
    const how = { channel: channel ?? null, fieldSet: fieldSet ?? null }
    const asOf = grantsAsOf(validAt, asked.knownAt, knownAt)
    return [...(await sightings().whoCouldSee({ kind: resourceKind, id: resourceId }, how, asOf))]
  },
  portfolio: (_, { id }, { loaders }) => loaders.portfolio.load(id),
  accessLog: (_, { filter, first, after }, { trail }) => trail.log({ filter: filter ?? {}, first, after }),
  explainAccess: (_, { input }, { trail }) =>
    trail.explainAccess({ ...input, channel: input.channel ?? 'GRAPHQL', fieldSet: input.fieldSet ?? 'REFERENCE' }),
  deprecatedFieldUsage: async (_, { since, tenantId }, { trail }) => [...(await trail.deprecatedUse(since, tenantId))],
}
