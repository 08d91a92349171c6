import { z } from 'zod'
import { notFound, validationError } from '../errors.ts'
import type { Result } from '../result.ts'
import type { Found } from '../statement-store.ts'
import * as inputs from './inputs.ts'
import { operation, waitFor } from './operation.ts'

const input = z.object({
  Id: inputs.statementId,
  NextToken: inputs.nextToken,
  WaitTimeSeconds: inputs.waitTimeSeconds,
})

export const getStatementResult = operation(input, async (room, { Id, NextToken, WaitTimeSeconds }) => {
  const found = room.store.find(Id)
  await waitFor(found.statement, WaitTimeSeconds, room.limits)
  const result = resultOf(found)
  if (!result?.columns)
    throw notFound('Query does not have result. Please check query status with DescribeStatement.', Id)
  const from = NextToken === undefined ? 0 : openToken(NextToken, Id, result)
  const to = endOfPage(result.rows, from, room.limits.pageBytes)
  const rest = to < result.rows.length ? `,"NextToken":${JSON.stringify(token(Id, to))}` : ''
  const columns = JSON.stringify(result.columns)
  return `{"Records":[${result.rows.slice(from, to).join(',')}],"ColumnMetadata":${columns},"TotalNumRows":${result.rows.length}${rest}}`
})

/** Rows are there once they are committed; those of a batch belong to its SQL texts, not to itself. */
function resultOf({ statement, subStatement }: Found): Result | undefined {
  if (subStatement) {
    const committed = statement.submission.mode === 'AUTO_COMMIT' || statement.status === 'FINISHED'
    return committed && subStatement.status === 'FINISHED' ? subStatement.result : undefined
  }
  if (statement.submission.kind === 'BatchExecuteStatement' || statement.status !== 'FINISHED') return undefined
  return statement.subStatements[0]?.result
}

/** At least one row, and no more than fit. */
function endOfPage(rows: readonly string[], from: number, pageBytes: number): number {
  let bytes = 0
  let to = from
  while (to < rows.length) {
    bytes += rows[to]?.length ?? 0
    if (to > from && bytes > pageBytes) break
    to += 1
  }
  return to
}

const token = (id: string, row: number) => Buffer.from(`${id}/${row}`).toString('base64url')

/** The row at which the next page begins. Throws a ValidationException for a token that was not given for this id. */
function openToken(given: string, id: string, result: Result): number {
  const [tokenId, row] = Buffer.from(given, 'base64url').toString().split('/')
  const from = Number(row)
  if (tokenId === id && Number.isInteger(from) && from > 0 && from < result.rows.length) return from
  throw validationError('NextToken: expected the token of the page before, got another text.')
}
