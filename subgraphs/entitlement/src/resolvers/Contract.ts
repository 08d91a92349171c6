import type { ContractResolvers } from '../generated/graphql.ts'
import { owner } from './owner.ts'

export const Contract: ContractResolvers = {
  __resolveReference: ({ id }, { loaders }) => loaders.contract.load(id),
  tenant: (contract, _, context) => owner(contract, context),
  lines: async ({ id }, _, { loaders }) => [...(await loaders.linesOfContract.load(id))],
  grants: async ({ id }, _, { loaders }) => [...(await loaders.grantsOfContract.load(id))],
}
