import type { Nav } from './nav.ts'

/**
 * Simple returns r_t = NAV_t / NAV_{t-1} - 1, fractions, one for each NAV but the first. They run from NAV to NAV: a day
 * without one is not filled in. Computed as (NAV_t - NAV_{t-1}) / NAV_{t-1}, which keeps the digits of a small return.
 */
export const dailyReturns = (navs: readonly Nav[]): readonly number[] =>
  navs.slice(1).map(({ value }, index) => (value - navs[index]!.value) / navs[index]!.value)
