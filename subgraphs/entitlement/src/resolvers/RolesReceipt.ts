import type { RolesReceiptResolvers } from '../generated/graphql.ts'
import { owner } from './owner.ts'

export const RolesReceipt: RolesReceiptResolvers = {
  tenant: ({ principal }, _, context) => owner(principal, context),
  subject: ({ principal }) => principal.subject,
  roles: ({ principal }) => [...principal.roles],
  confirmations: ({ confirmations }) => [...confirmations],
}
