import type { PortfolioResolvers } from '../generated/graphql.ts'
import { owner } from './owner.ts'

export const Portfolio: PortfolioResolvers = {
  __resolveReference: ({ id }, { loaders }) => loaders.portfolio.load(id),
  tenant: (portfolio, _, context) => owner(portfolio, context),
  positions: async ({ id }, _, { loaders }) => [...(await loaders.positionsOfPortfolio.load(id))],
}
