import type { GrantReceiptResolvers } from '../generated/graphql.ts'

export const GrantReceipt: GrantReceiptResolvers = {
  confirmations: ({ confirmations }) => [...confirmations],
}
