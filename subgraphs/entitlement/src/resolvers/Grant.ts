import { grantState } from '../domain/grant.ts'
import type { GrantResolvers } from '../generated/graphql.ts'
import type { ResourceRef } from '../store/records.ts'
import { limit } from './limit.ts'
import { lineOf } from './line.ts'
import { owner } from './owner.ts'

export const Grant: GrantResolvers = {
  __resolveReference: ({ id }, { loaders }) => loaders.grant.load(id),
  tenant: (grant, _, context) => owner(grant, context),
  resource: ({ resourceKind, resourceId }): ResourceRef => ({ kind: resourceKind, id: resourceId }),
  state: (grant) => grantState(grant, grant.readAt),
  channels: ({ channels }) => limit(channels),
  fieldSets: ({ fieldSets }) => limit(fieldSets),
  regions: ({ regions }) => limit(regions),
  line: (grant, _, context) => lineOf(grant, context),
  contract: ({ contractId }, _, { loaders }) => (contractId === null ? null : loaders.contract.load(contractId)),
}
