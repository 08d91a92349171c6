import type { ContractLineResolvers } from '../generated/graphql.ts'
import type { ResourceRef } from '../store/records.ts'
import { limit } from './limit.ts'

export const ContractLine: ContractLineResolvers = {
  resource: ({ resourceKind, resourceId }): ResourceRef => ({ kind: resourceKind, id: resourceId }),
  channels: ({ channels }) => limit(channels),
  fieldSets: ({ fieldSets }) => limit(fieldSets),
  regions: ({ regions }) => limit(regions),
}
