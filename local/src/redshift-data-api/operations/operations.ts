import { batchExecuteStatement } from './batch-execute-statement.ts'
import { cancelStatement } from './cancel-statement.ts'
import { describeStatement } from './describe-statement.ts'
import { executeStatement } from './execute-statement.ts'
import { getStatementResult } from './get-statement-result.ts'
import { listStatements } from './list-statements.ts'
import type { Operation } from './operation.ts'

/** Every operation that the service answers, by its name on the wire. */
export const OPERATIONS: ReadonlyMap<string, Operation> = new Map(
  Object.entries({
    BatchExecuteStatement: batchExecuteStatement,
    CancelStatement: cancelStatement,
    DescribeStatement: describeStatement,
    ExecuteStatement: executeStatement,
    GetStatementResult: getStatementResult,
    ListStatements: listStatements,
  }),
)
