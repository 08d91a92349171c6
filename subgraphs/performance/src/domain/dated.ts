/** Something that holds for a day, `YYYY-MM-DD`. */
export interface Dated {
  readonly date: string
}

/** Index of the last entry on or before the day; -1 where there is none. The series has ascending dates. */
export function lastIndexOnOrBefore(series: readonly Dated[], date: string): number {
  let low = 0
  let high = series.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (series[middle]!.date <= date) low = middle + 1
    else high = middle
  }
  return low - 1
}

/** The entries up to the day, inclusive. */
export const upTo = <Entry extends Dated>(series: readonly Entry[], date: string): readonly Entry[] =>
  series.slice(0, lastIndexOnOrBefore(series, date) + 1)
