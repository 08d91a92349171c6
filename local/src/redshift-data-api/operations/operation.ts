import type { z } from 'zod'
import { DataApiError, validationError } from '../errors.ts'
import type { Limits } from '../limits.ts'
import { hasEnded, type Statement } from '../statement.ts'
import type { StatementRunner } from '../statement-runner.ts'
import type { StatementStore } from '../statement-store.ts'

/** What operations work on. */
export interface Room {
  readonly store: StatementStore
  readonly runner: StatementRunner
  readonly limits: Limits
  /** The one database that requests may name. */
  readonly database: string
  /** Called once for each statement that is accepted. */
  readonly submitted: (statement: Statement) => void
}

/** One operation of the API: its input as parsed JSON in, its output as JSON text out. Throws DataApiErrors. */
export type Operation = (room: Room, input: unknown) => Promise<string>

/** An operation from its schema and what it does with an input that fits. */
export function operation<Schema extends z.ZodType>(
  schema: Schema,
  run: (room: Room, input: z.output<Schema>) => Promise<string> | string,
): Operation {
  return async (room, input) => {
    const parsed = schema.safeParse(input)
    if (parsed.success) return run(room, parsed.data)
    const reasons = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'input'}: ${message}`)
    throw validationError(`${reasons.length} validation error detected: ${reasons.join('; ')}`)
  }
}

/** Waits for the end of a statement, `seconds` at most. */
export async function waitFor(statement: Statement, seconds: number | undefined, limits: Limits): Promise<void> {
  if (!seconds || hasEnded(statement)) return
  if (statement.waiting >= limits.waitingRequests) {
    throw new DataApiError(
      'ActiveWaitingRequestsExceededException',
      `Active waiting requests for one statement exceeded the allowed quota (${limits.waitingRequests}).`,
    )
  }
  statement.waiting += 1
  let timer: NodeJS.Timeout | undefined
  const timeUp = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, seconds * 1_000)
  })
  await Promise.race([statement.ended, timeUp])
  clearTimeout(timer)
  statement.waiting -= 1
}

/** The protocol's timestamps: seconds since 1970, with milliseconds behind the point. */
export const epochSeconds = (date: Date): number => date.getTime() / 1_000
