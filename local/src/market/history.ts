import pg from 'pg'

/** The NAV of one share class on one day, as the warehouse knows it now. */
export interface Quote {
  readonly shareClassId: string
  readonly fundId: string
  readonly isin: string | null
  /** `YYYY-MM-DD` */
  readonly navDate: string
  /** Decimal, in `currency`. */
  readonly navPrice: string
  readonly currency: string
}

/** The recorded prices of the Thrift Savings Plan's funds, day by day, in the newest version of each. */
export class NavHistory {
  readonly #pool: pg.Pool

  constructor(databaseUrl: string) {
    this.#pool = new pg.Pool({
      connectionString: databaseUrl,
      application_name: 'market',
      max: 1,
      connectionTimeoutMillis: 5_000,
      query_timeout: 30_000,
      allowExitOnIdle: true,
    })
    // An idle connection was lost: the next question makes another, or fails and is asked again.
    this.#pool.on('error', () => {})
  }

  /** The quotes of the first day, not before `earliest`, on which any share class has a price; empty after the last. */
  async firstDay(earliest: string): Promise<readonly Quote[]> {
    const { rows } = await this.#pool.query<Quote>(
      `select s.share_class_id as "shareClassId", s.fund_id as "fundId", s.isin, n.nav_date as "navDate",
         n.nav_price as "navPrice", n.currency
       from gold.share_class s
       cross join lateral (
         select v.nav_date::text, v.nav_price::text, v.currency from gold.nav v
         where v.share_class_id = s.share_class_id and v.recorded_to = 'infinity' and v.nav_date >= $1::date
         order by v.nav_date limit 1) n
       where s.share_class_id like 'tsp:%' order by s.share_class_id`,
      [earliest],
    )
    const first = rows.map(({ navDate }) => navDate).sort()[0]
    return rows.filter(({ navDate }) => navDate === first)
  }

  close(): Promise<void> {
    return this.#pool.end()
  }
}
