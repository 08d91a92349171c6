import { z } from 'zod'
import { notFound } from '../errors.ts'
import type { Statement } from '../statement.ts'
import * as inputs from './inputs.ts'
import { epochSeconds, operation } from './operation.ts'

const input = z.object({
  /** A prefix of the name. */
  StatementName: inputs.statementName.optional(),
  Status: z.enum(['SUBMITTED', 'PICKED', 'STARTED', 'FINISHED', 'ABORTED', 'FAILED', 'ALL']).default('ALL'),
  MaxResults: z.number().int().min(0).max(100).default(100),
  /** The id of the last statement on the page before. */
  NextToken: inputs.nextToken,
})

export const listStatements = operation(input, (room, { StatementName = '', Status, MaxResults, NextToken }) => {
  const all = room.store.newestFirst().filter(({ status, submission }) => {
    return (Status === 'ALL' || status === Status) && (submission.name ?? '').startsWith(StatementName)
  })
  const from = NextToken === undefined ? 0 : all.findIndex(({ id }) => id === NextToken) + 1
  if (NextToken !== undefined && from === 0) throw notFound('The page before is no longer known.', NextToken)
  const page = all.slice(from, from + (MaxResults || 100))
  const more = from + page.length < all.length
  return JSON.stringify({ Statements: page.map(summary), ...(more ? { NextToken: page.at(-1)?.id } : {}) })
})

function summary({ id, submission, status, createdAt, updatedAt }: Statement) {
  const isBatch = submission.kind === 'BatchExecuteStatement'
  return {
    Id: id,
    StatementName: submission.name,
    Status: status,
    SecretArn: submission.secretArn,
    CreatedAt: epochSeconds(createdAt),
    UpdatedAt: epochSeconds(updatedAt),
    IsBatchStatement: isBatch,
    ResultFormat: 'JSON',
    ...(isBatch ? { QueryStrings: submission.sqls } : { QueryString: submission.sqls[0] }),
  }
}
