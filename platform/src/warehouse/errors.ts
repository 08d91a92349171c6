/**
 * What can go wrong at the warehouse's door.
 *
 * - UNAVAILABLE: it did not answer, or had no room; asking again later may help.
 * - TIMEOUT: the question took longer than its deadline and was cancelled.
 * - REJECTED: it will never accept this question as it stands; a mistake of ours.
 */
export type WarehouseErrorCode = 'UNAVAILABLE' | 'TIMEOUT' | 'REJECTED'

const SENTENCES: Record<WarehouseErrorCode, (statement: string) => string> = {
  UNAVAILABLE: (statement) => `The warehouse did not answer "${statement}".`,
  TIMEOUT: (statement) => `The warehouse did not finish "${statement}" in time.`,
  REJECTED: (statement) => `The warehouse refused "${statement}".`,
}

/** A question that got no answer. Its message names the question and holds neither SQL nor values; the log has the reason. */
export class WarehouseError extends Error {
  override readonly name = 'WarehouseError'
  readonly code: WarehouseErrorCode
  /** Name of the statement. */
  readonly statement: string

  constructor(code: WarehouseErrorCode, statement: string) {
    super(SENTENCES[code](statement))
    this.code = code
    this.statement = statement
  }
}
