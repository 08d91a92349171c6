import type { Cache } from '@fundmesh/platform/cache/cache'
import { z } from 'zod'
import { type AskForFxSeries, type FxSeries, fxSeriesStates } from './fx-rates.ts'

/** Seconds that an entry takes room. It bounds no staleness: an entry is never stale, see below. */
const ttlSeconds = 86_400

/**
 * Remembers reference rates, which are the same for every tenant. The key names the state of the series, asked from the
 * warehouse each time in one small statement; an entry is therefore never stale: a new or restated rate has another
 * key, and a past `knownAt` finds the entry of its own past. Nothing that depends on a tenant goes in. The cache's
 * namespace names the warehouse.
 */
export const withCache =
  (ask: AskForFxSeries, cache: Pick<Cache, 'get' | 'set'>): AskForFxSeries =>
  async (warehouse, currencies, knownAt) => {
    const states = await fxSeriesStates(warehouse, currencies, knownAt)
    const entries = await Promise.all(
      [...states].map(async ([currency, state]) => decode(currency, await cache.get(keyOf(currency, state)))),
    )
    const remembered = entries.filter((series) => series !== undefined)
    const absent = [...states.keys()].filter((currency) => !remembered.some((series) => series.currency === currency))
    if (absent.length === 0) return remembered
    const asked = await ask(warehouse, absent, knownAt)
    // The two questions are two transactions: what was published between them must not be kept under the older state.
    const after = await fxSeriesStates(warehouse, absent, knownAt)
    const keepable = asked.filter(({ currency }) => after.get(currency) === states.get(currency))
    await Promise.all(
      keepable.map((series) =>
        cache.set(keyOf(series.currency, states.get(series.currency)!), encode(series), ttlSeconds),
      ),
    )
    return [...remembered, ...asked]
  }

const keyOf = (currency: string, state: string) => `fx-rate:v1:${currency}:${state}`

const pairs = z.array(z.tuple([z.string(), z.string()]))

const encode = ({ rates }: FxSeries) => JSON.stringify(rates.map(({ date, rate }) => [date, rate]))

/** An entry that cannot be read is as good as none. */
function decode(currency: string, entry: string | undefined): FxSeries | undefined {
  if (entry === undefined) return undefined
  try {
    return { currency, rates: pairs.parse(JSON.parse(entry)).map(([date, rate]) => ({ date, rate })) }
  } catch {
    return undefined
  }
}
