/** One published net asset value per share. */
export interface Nav {
  /** The day the value is for, `YYYY-MM-DD`. */
  readonly date: string
  /** Decimal text, in units of `currency`; greater than zero. */
  readonly price: string
  /** ISO 4217. */
  readonly currency: string
}

/** NAVs of one share class with ascending, distinct dates. */
export type NavSeries = readonly Nav[]
