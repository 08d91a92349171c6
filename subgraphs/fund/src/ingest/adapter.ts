import type { ReceivedFile } from './received-file.ts'

/** Master data of a fund and its one share class, as the source states it. */
export interface ShareClassRecord {
  readonly shareClassId: string
  readonly fundId: string
  readonly legalFundName: string
  readonly fundHouse: string
  readonly category: string
  /** ISO 3166-1 alpha-2. */
  readonly domicile: string
  readonly isin: string | null
  /** ISO 4217: of the NAV, and of the fund's books. */
  readonly currency: string
}

/** One checked value of a daily series. */
export interface Observation {
  /** What the value is of: a share class id, or the currency that a euro buys. */
  readonly subject: string
  /** `YYYY-MM-DD`. */
  readonly day: string
  /** Positive, in canonical decimal form. */
  readonly value: string
  readonly line: number
}

/** Something in a file that did not pass a check. */
export interface Finding {
  readonly file: ReceivedFile
  readonly line: number
  /** The column, where one cell is meant and not the whole row. */
  readonly column: string | null
  /** The line as it stands in the file. */
  readonly raw: string
  readonly reason: string
}

/** All that a delivery says, sorted into what may be loaded and what may not. */
export interface Reading {
  readonly rowsRead: number
  readonly shareClasses: readonly ShareClassRecord[]
  /** At most one per subject and day. */
  readonly observations: readonly Observation[]
  /** How often a value stood again in the same file, equal. */
  readonly repeated: number
  readonly findings: readonly Finding[]
}

/** The files that are read together. */
export interface Delivery {
  readonly data: ReceivedFile
  /** Fund master data, where the source needs some. */
  readonly reference: ReceivedFile | null
}

/** Which daily series a source feeds. */
export type SeriesName = 'nav' | 'fxRate'

/** What we know of one source's files. */
export interface Adapter {
  readonly series: SeriesName
  /** Finds and receives the files of a delivery. Throws a Refusal. */
  receive(path: string): Promise<Delivery>
  /**
   * Reads and checks a delivery. A bad row becomes a finding and the rest is kept; throws a Refusal where the file as
   * a whole is not what the source sends. `lastDay` is the latest day (`YYYY-MM-DD`) that a value can be for.
   */
  read(delivery: Delivery, lastDay: string): Reading
}
