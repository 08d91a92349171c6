/**
 * What may be read cannot be told now: the grants are not known well enough (SERVICE_UNAVAILABLE), or not yet as of the
 * change that the question named (CONSISTENCY_TIMEOUT). Nobody's mistake; asking again later helps.
 */
export class Undecided extends Error {
  override readonly name = 'Undecided'
  readonly code: 'SERVICE_UNAVAILABLE' | 'CONSISTENCY_TIMEOUT'

  constructor(code: Undecided['code'], reason: string) {
    super(reason)
    this.code = code
  }
}
