/** Whether paired measurements differ: Wilcoxon's signed-rank test, which asks nothing of how noise is distributed. */

export interface Difference {
  /** Two-sided; of there being no difference. */
  readonly p: number
  /** The middle difference, in the measurements' unit. */
  readonly median: number
}

/** `differences` are one less the other of each pair. The normal approximation is good for some tens of pairs and more. */
export function signedRank(differences: readonly number[]): Difference {
  const ranked = differences
    .filter((difference) => difference !== 0)
    .map((difference) => ({ size: Math.abs(difference), isPositive: difference > 0 }))
    .sort((one, other) => one.size - other.size)
  const count = ranked.length
  if (count === 0) return { p: 1, median: 0 }
  const positive = ranked.reduce((sum, { isPositive }, index) => sum + (isPositive ? index + 1 : 0), 0)
  const expected = (count * (count + 1)) / 4
  const deviation = Math.sqrt((count * (count + 1) * (2 * count + 1)) / 24)
  const sorted = [...differences].sort((one, other) => one - other)
  return { p: 2 * upperTail(Math.abs(positive - expected) / deviation), median: sorted[sorted.length >> 1]! }
}

/** Of the normal distribution; Abramowitz and Stegun, Handbook of Mathematical Functions, 26.2.17. Good to 7.5e-8. */
function upperTail(z: number): number {
  const t = 1 / (1 + 0.2316419 * z)
  const series = t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))))
  return (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * series
}
