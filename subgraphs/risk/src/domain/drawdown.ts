import type { Nav } from './nav.ts'

/** A fall from a peak to a trough. */
export interface Drawdown {
  /** 1 - trough / peak, a positive fraction; 0 where the series never fell. */
  readonly depth: number
  readonly peakDate: string
  readonly troughDate: string
  /** First day after the trough with a value of at least the peak's; `null` while there is none. */
  readonly recoveryDate: string | null
}

/** Returns that a drawdown needs. */
export const DRAWDOWN_NEEDS = 1

/**
 * The deepest fall: max over t of 1 - W_t / max(W_0 … W_t). The first value counts as a peak. Of a peak that was reached
 * several times the last time counts, of equally deep falls the first, and of their lowest days the first. A series that
 * never fell has its last day for peak and trough. `null` below two values.
 */
export function maximumDrawdown(navs: readonly Nav[]): Drawdown | null {
  if (navs.length <= DRAWDOWN_NEEDS) return null
  let peak = navs[0]!
  let deepest = { depth: 0, peak: navs.at(-1)!, trough: navs.at(-1)! }
  for (const nav of navs) {
    if (nav.value >= peak.value) peak = nav
    const depth = (peak.value - nav.value) / peak.value
    if (depth > deepest.depth) deepest = { depth, peak, trough: nav }
  }
  const recovery =
    deepest.depth > 0 && navs.find(({ date, value }) => date > deepest.trough.date && value >= deepest.peak.value)
  return {
    depth: deepest.depth,
    peakDate: deepest.peak.date,
    troughDate: deepest.trough.date,
    recoveryDate: recovery ? recovery.date : null,
  }
}
