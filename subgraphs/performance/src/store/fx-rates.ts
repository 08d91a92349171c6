import { inList } from '@fundmesh/platform/warehouse/in-list'
import type { Warehouse } from '@fundmesh/platform/warehouse/warehouse'
import { z } from 'zod'
import type { FxRate } from '../domain/currency-conversion.ts'

/** The reference rates of a currency, by ascending day. */
export interface FxSeries {
  /** ISO 4217; not the euro. */
  readonly currency: string
  readonly rates: readonly FxRate[]
}

/** Asks for the series of these currencies in the versions known at `knownAt`; a currency without rates is left out. */
export type AskForFxSeries = (
  warehouse: Warehouse,
  currencies: readonly string[],
  knownAt: string,
) => Promise<readonly FxSeries[]>

export const fxSeries: AskForFxSeries = async (warehouse, currencies, knownAt) => {
  const list = inList('currency', currencies)
  const rows = await warehouse.query({
    name: 'fxRate.series',
    sql: `select currency, to_char(rate_date, 'YYYY-MM-DD') as date, rate from gold.fx_rate
      where currency in ${list.sql}
        and recorded_from <= :known_at::timestamptz and :known_at::timestamptz < recorded_to
      order by currency, rate_date`,
    parameters: { ...list.parameters, known_at: knownAt },
  })
  const series = new Map<string, FxRate[]>()
  for (const row of rows) {
    const { currency, date, rate } = publishedRate.parse(row)
    const rates = series.get(currency) ?? []
    series.set(currency, rates)
    rates.push({ date, rate })
  }
  return [...series].map(([currency, rates]) => ({ currency, rates }))
}

/**
 * For each of the currencies, a text that names the state of its series at `knownAt`: equal texts mean equal series.
 * Versions are only ever added and closed, so what is known at an instant is told by how many there are and which is
 * the newest, how many of them are closed and which was closed last.
 */
export async function fxSeriesStates(
  warehouse: Warehouse,
  currencies: readonly string[],
  knownAt: string,
): Promise<ReadonlyMap<string, string>> {
  const list = inList('currency', currencies)
  const closed = 'case when recorded_to <= :known_at::timestamptz then recorded_to end'
  const rows = await warehouse.query({
    name: 'fxRate.states',
    sql: `select currency, count(*) as versions, count(${closed}) as closed,
        extract(epoch from max(recorded_from))::varchar as newest, extract(epoch from max(${closed}))::varchar as last_closed
      from gold.fx_rate
      where currency in ${list.sql} and recorded_from <= :known_at::timestamptz
      group by currency`,
    parameters: { ...list.parameters, known_at: knownAt },
  })
  return new Map(
    rows.map((row) => {
      const { currency, versions, newest, closed, last_closed } = publishedState.parse(row)
      return [currency, [versions, newest, closed, last_closed ?? 'none'].join('/')]
    }),
  )
}

const publishedRate = z.object({ currency: z.string(), date: z.string(), rate: z.string() })

const publishedState = z.object({
  currency: z.string(),
  versions: z.number(),
  closed: z.number(),
  newest: z.string(),
  last_closed: z.string().nullable(),
})
