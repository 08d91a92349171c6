import { DataApiError, notFound, validationError } from './errors.ts'
import type { Limits } from './limits.ts'
import { hasEnded, type Statement, type SubStatement } from './statement.ts'

const ID = /^[a-z0-9]{8}(-[a-z0-9]{4}){3}-[a-z0-9]{12}(:\d+)?$/

/** What an id names: a statement, or one SQL text of a batch. */
export interface Found {
  readonly statement: Statement
  readonly subStatement?: SubStatement | undefined
}

/** The statements of this service: those that run, and as many of the ended ones as the limits let it remember. */
export class StatementStore {
  readonly #limits: Limits
  /** In the order of submission. */
  readonly #statements = new Map<string, Statement>()
  readonly #byClientToken = new Map<string, string>()
  #active = 0
  #keptBytes = 0

  constructor(limits: Limits) {
    this.#limits = limits
  }

  /** Throws ActiveStatementsExceededException. */
  add(statement: Statement, clientToken?: string): void {
    this.#forgetOld()
    if (this.#active >= this.#limits.activeStatements) {
      throw new DataApiError(
        'ActiveStatementsExceededException',
        `Active statements exceeded the allowed quota (${this.#limits.activeStatements}).`,
      )
    }
    this.#statements.set(statement.id, statement)
    this.#active += 1
    if (clientToken) this.#byClientToken.set(clientToken, statement.id)
    void statement.ended.then(() => {
      this.#active -= 1
      this.#keptBytes += bytesOf(statement)
      // An attempt that never reached the database may be repeated under its token.
      if (statement.environmental && clientToken) this.#byClientToken.delete(clientToken)
    })
  }

  /** Throws ValidationException for what is no id, ResourceNotFoundException for one that is not known, or no longer. */
  find(id: string): Found {
    if (!ID.test(id)) throw validationError(`Id: expected the id of a statement, got "${id.slice(0, 80)}".`)
    const [parent = '', ordinal] = id.split(':')
    const statement = this.#statements.get(parent)
    if (!statement) throw notFound('Query does not exist.', id)
    if (ordinal === undefined) return { statement }
    const subStatement = statement.subStatements[Number(ordinal) - 1]
    if (!subStatement || statement.submission.kind !== 'BatchExecuteStatement') {
      throw notFound('Query does not exist.', id)
    }
    return { statement, subStatement }
  }

  /** The statement that this token began, if it is still known. */
  findByClientToken(token: string): Statement | undefined {
    return this.#statements.get(this.#byClientToken.get(token) ?? '')
  }

  /** The last submitted first. */
  newestFirst(): Statement[] {
    return [...this.#statements.values()].reverse()
  }

  #forgetOld(): void {
    const oldest = Date.now() - this.#limits.keptMs
    for (const statement of this.#statements.values()) {
      const tooMany = this.#statements.size >= this.#limits.keptStatements || this.#keptBytes > this.#limits.keptBytes
      if (!tooMany && statement.updatedAt.getTime() >= oldest) return
      if (!hasEnded(statement)) continue
      this.#statements.delete(statement.id)
      this.#keptBytes -= bytesOf(statement)
    }
    for (const [token, id] of this.#byClientToken) {
      if (!this.#statements.has(id)) this.#byClientToken.delete(token)
    }
  }
}

function bytesOf(statement: Statement): number {
  return statement.subStatements.reduce((sum, { result }) => sum + (result?.bytes ?? 0), 0)
}
