import type { FxRates } from './domain/currency-conversion.ts'
import type { Nav } from './domain/nav.ts'
import type { Loaders } from './loaders.ts'

/** The reference rates that are needed to see these NAVs in a currency; none where all of them are in it. */
export async function ratesFor(
  navs: readonly Nav[],
  currency: string,
  knownAt: string,
  loaders: Loaders,
): Promise<FxRates> {
  const foreign = new Set(navs.map((nav) => nav.currency).filter((from) => from !== currency))
  if (foreign.size === 0) return new Map()
  const needed = [...foreign, currency].filter((code) => code !== 'EUR')
  const series = await Promise.all(needed.map((code) => loaders.fxSeries({ knownAt }).load(code)))
  return new Map(series.flatMap((found) => (found ? [[found.currency, found.rates]] : [])))
}
