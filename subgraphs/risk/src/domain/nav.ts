/** One published net asset value per share, as risk figures use it. */
export interface Nav {
  /** The day the value is for, `YYYY-MM-DD`. */
  readonly date: string
  /** In units of `currency`; greater than zero. An IEEE double: it enters ratios only. */
  readonly value: number
  /** ISO 4217. */
  readonly currency: string
}
