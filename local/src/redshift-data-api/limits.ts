/** Bounds of the service. Where the real one documents a quota, the default is that quota. */
export interface Limits {
  /** Statements submitted and not ended. */
  readonly activeStatements: number
  /** Requests that wait for the same statement. */
  readonly waitingRequests: number
  /** Bytes of one SQL text. */
  readonly sqlBytes: number
  /** SQL texts in a batch. */
  readonly batchSize: number
  /** Bytes of one row and of one result, as JSON. */
  readonly rowBytes: number
  readonly resultBytes: number
  /** Bytes of records in one response of GetStatementResult. */
  readonly pageBytes: number
  /** What is remembered of ended statements: how many, how many bytes of results, for how many milliseconds. */
  readonly keptStatements: number
  readonly keptBytes: number
  readonly keptMs: number
  /** Connections to PostgreSQL for each login, and how long to wait for one, in milliseconds. */
  readonly connections: number
  readonly connectMs: number
}

export const DEFAULT_LIMITS: Limits = {
  activeStatements: 500,
  waitingRequests: 10,
  sqlBytes: 100_000,
  batchSize: 40,
  rowBytes: 64 * 1024,
  // The real service gives 500 MB and 24 hours; this one keeps results in memory.
  resultBytes: 64 * 1024 * 1024,
  pageBytes: 1024 * 1024,
  keptStatements: 2_000,
  keptBytes: 128 * 1024 * 1024,
  keptMs: 15 * 60_000,
  connections: 8,
  connectMs: 10_000,
}
