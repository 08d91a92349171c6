/**
 * Sample quantile of type 7 (Hyndman & Fan 1996; the default of R and numpy): with the values in order, linear
 * interpolation at h = (n - 1) p, counted from 0. Needs at least one value, and 0 <= p <= 1.
 */
export function quantile(values: readonly number[], p: number): number {
  const ordered = Float64Array.from(values).sort()
  const h = (ordered.length - 1) * p
  const below = Math.floor(h)
  const low = ordered[below]!
  const high = ordered[Math.min(below + 1, ordered.length - 1)]!
  return low + (h - below) * (high - low)
}
