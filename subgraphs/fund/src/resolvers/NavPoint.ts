import type { NavPointResolvers } from '../generated/graphql.ts'

export const NavPoint: NavPointResolvers = {
  priceCurrency: ({ currency }) => currency,
  // The warehouse publishes official values only; indicative ones live in the stream.
  priceNature: () => 'OFFICIAL',
  status: ({ version }) => (version === 1 ? 'PUBLISHED' : 'RESTATED'),
  provenance: ({ source, fileName, fileSha256, line }) => ({ source, fileName, fileSha256, line }),
}
