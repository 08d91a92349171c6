import { z } from 'zod'
import type { Result } from '../result.ts'
import { hasResultSet, type Progress, type Statement, type SubStatement } from '../statement.ts'
import * as inputs from './inputs.ts'
import { epochSeconds, operation, waitFor } from './operation.ts'

const input = z.object({ Id: inputs.statementId, WaitTimeSeconds: inputs.waitTimeSeconds })

export const describeStatement = operation(input, async (room, { Id, WaitTimeSeconds }) => {
  const { statement, subStatement } = room.store.find(Id)
  await waitFor(statement, WaitTimeSeconds, room.limits)
  const login = {
    Database: statement.submission.database,
    SecretArn: statement.submission.secretArn,
    WorkgroupName: statement.submission.workgroup,
    ResultFormat: 'JSON',
    RedshiftPid: statement.pid,
  }
  return JSON.stringify({ ...login, ...(subStatement ? describeSub(subStatement) : describeWhole(statement)) })
})

function describeWhole(statement: Statement) {
  const { submission, subStatements } = statement
  const parameters = Object.entries(submission.parameters).map(([name, value]) => ({ name, value }))
  const withParameters = parameters.length > 0 ? { QueryParameters: parameters } : {}
  if (submission.kind === 'ExecuteStatement') {
    const result = subStatements[0]?.result
    return { ...describe(statement, result), QueryString: submission.sqls[0], ...withParameters }
  }
  return {
    ...describe(statement, undefined),
    HasResultSet: hasResultSet(statement),
    ExecutionMode: submission.mode,
    SubStatements: subStatements.map(describeSub),
    ...withParameters,
  }
}

function describeSub(sub: SubStatement) {
  return { ...describe(sub, sub.result), QueryString: sub.sql }
}

function describe(progress: Progress & { readonly id: string }, result: Result | undefined) {
  return {
    Id: progress.id,
    Status: progress.status,
    CreatedAt: epochSeconds(progress.createdAt),
    UpdatedAt: epochSeconds(progress.updatedAt),
    Duration: progress.duration,
    Error: progress.error,
    HasResultSet: result?.columns !== undefined,
    // -1 stands for a number that is not known.
    ResultRows: result?.count ?? -1,
    ResultSize: result?.bytes ?? -1,
  }
}
