import { resolveAsOf } from '@fundmesh/platform/service/as-of'
import { z } from 'zod'
import { marketValue } from '../domain/market-value.ts'
import type { PortfolioResolvers } from '../generated/graphql.ts'
import { ratesFor } from '../rates.ts'

/** A portfolio as the gateway hands it over: with its positions where a field requires them. */
export interface PortfolioReference {
  readonly id: string
  readonly positions?: unknown
}

const positionsOf = z.array(z.object({ shareClassId: z.string(), units: z.string() }))

export const Portfolio: PortfolioResolvers = {
  // Whose portfolio it is, the entitlement subgraph has decided; the NAVs are those that this tenant may see.
  __resolveReference: (reference) => reference,

  async marketValue(portfolio, { currency: wanted, asOf }, { knownAt: operationKnownAt, loaders }) {
    const currency = wanted ?? 'USD'
    const known = resolveAsOf(asOf, operationKnownAt)
    const positions = positionsOf.parse(portfolio.positions)
    const ids = [...new Set(positions.map(({ shareClassId }) => shareClassId))]
    const found = await Promise.all(ids.map((id) => loaders.latestNav(known).load(id)))
    const navs = new Map(found.flatMap((nav) => (nav ? [[nav.shareClassId, nav]] : [])))
    const rates = await ratesFor([...navs.values()], currency, known.knownAt, loaders)
    const amount = marketValue(positions, (id) => navs.get(id) ?? null, currency, rates)
    return amount === null ? null : { amount, currency }
  },
}
