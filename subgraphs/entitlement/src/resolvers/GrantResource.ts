import type { GrantResourceResolvers } from '../generated/graphql.ts'

export const GrantResource: GrantResourceResolvers = {
  fund: ({ kind, id }, _, { loaders }) => (kind === 'FUND' ? loaders.fund.load(id) : null),
  shareClass: ({ kind, id }, _, { loaders }) => (kind === 'SHARE_CLASS' ? loaders.shareClass.load(id) : null),
}
