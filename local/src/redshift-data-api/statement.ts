/**
 * What the service knows of a statement. Its states, and of each SQL text in a batch:
 *
 *     SUBMITTED ──▶ STARTED ──▶ FINISHED
 *         │            ├──────▶ FAILED
 *         └────────────┴──────▶ ABORTED
 *
 * A batch in one transaction is FINISHED only after its commit; the SQL texts behind one that failed are ABORTED.
 */
import { randomUUID } from 'node:crypto'
import type { Result } from './result.ts'

export type Status = 'SUBMITTED' | 'STARTED' | 'FINISHED' | 'FAILED' | 'ABORTED'

const ENDED: ReadonlySet<Status> = new Set<Status>(['FINISHED', 'FAILED', 'ABORTED'])

export interface Progress {
  status: Status
  createdAt: Date
  updatedAt: Date
  /** When it started to run, in milliseconds of the process's monotonic clock. */
  startedAt?: number
  /** How long it ran, in nanoseconds. */
  duration?: number
  /** What the database said. */
  error?: string
  /** Rows and columns, or the number of rows changed. */
  result?: Result
}

export interface SubStatement extends Progress {
  readonly id: string
  readonly sql: string
}

/** What was asked for. */
export interface Submission {
  readonly kind: 'ExecuteStatement' | 'BatchExecuteStatement'
  readonly sqls: readonly string[]
  readonly parameters: Readonly<Record<string, string>>
  readonly mode: 'TRANSACTION' | 'AUTO_COMMIT'
  readonly secretArn: string
  readonly database: string
  readonly workgroup: string
  readonly name?: string | undefined
}

export interface Statement extends Progress {
  readonly id: string
  readonly submission: Submission
  readonly subStatements: readonly SubStatement[]
  /** Process id of the database's backend while and after it ran. */
  pid?: number
  /** The database was out of reach: not the statement's own fault. */
  environmental: boolean
  /** Somebody asked for its end; seen before each SQL text. */
  cancelRequested: boolean
  /** Stops the SQL text that runs now; there only while one does. */
  interrupt?: () => void
  /** Requests that wait for the end. */
  waiting: number
  /** Resolves when it has ended. */
  readonly ended: Promise<void>
  readonly markEnded: () => void
}

export function createStatement(submission: Submission): Statement {
  const id = randomUUID()
  const { promise, resolve } = withResolvers()
  return {
    id,
    submission,
    subStatements: submission.sqls.map((sql, index) => ({ id: `${id}:${index + 1}`, sql, ...fresh() })),
    ...fresh(),
    environmental: false,
    cancelRequested: false,
    waiting: 0,
    ended: promise,
    markEnded: resolve,
  }
}

export const hasEnded = ({ status }: Progress): boolean => ENDED.has(status)

export function start(progress: Progress): void {
  progress.startedAt = performance.now()
  move(progress, 'STARTED')
}

export function end(progress: Progress, status: 'FINISHED' | 'FAILED' | 'ABORTED', error?: string): void {
  if (progress.startedAt !== undefined) {
    progress.duration = Math.round((performance.now() - progress.startedAt) * 1e6)
  }
  if (error !== undefined) progress.error = error
  move(progress, status)
}

/** Whether there is a result with rows to fetch, of itself or of one of its SQL texts. */
export function hasResultSet(statement: Statement): boolean {
  return statement.subStatements.some(({ result }) => result?.columns !== undefined)
}

function move(progress: Progress, status: Status): void {
  progress.status = status
  progress.updatedAt = new Date()
}

function fresh(): Progress {
  const now = new Date()
  return { status: 'SUBMITTED', createdAt: now, updatedAt: now }
}

function withResolvers(): { promise: Promise<void>; resolve: () => void } {
  let resolve = () => {}
  const promise = new Promise<void>((settle) => {
    resolve = settle
  })
  return { promise, resolve }
}
