import type { ContractReceiptResolvers } from '../generated/graphql.ts'

export const ContractReceipt: ContractReceiptResolvers = {
  confirmations: ({ confirmations }) => [...confirmations],
}
