import type { z } from 'zod'
import { DataApiError, notFound, validationError } from '../errors.ts'
import { checkParameters } from '../parameters.ts'
import { createStatement, hasResultSet, type Statement, type Submission } from '../statement.ts'
import { transactionControl } from '../transaction-control.ts'
import type * as inputs from './inputs.ts'
import { epochSeconds, type Room, waitFor } from './operation.ts'

type Input = z.output<typeof inputs.submission>

/** Starts a statement, waits for it as asked, and tells how it stands. Common to ExecuteStatement and its batch. */
export async function submit(
  room: Room,
  input: Input,
  { kind, sqls, mode }: Pick<Submission, 'kind' | 'sqls' | 'mode'>,
): Promise<string> {
  const statement = begun(room, input) ?? begin(room, input, { kind, sqls, mode })
  await waitFor(statement, input.WaitTimeSeconds, room.limits)
  if (statement.environmental) {
    const type = `${kind}Exception` as const
    throw new DataApiError(type, statement.error ?? 'Connection failed.', { StatementId: statement.id })
  }
  return JSON.stringify({
    Id: statement.id,
    CreatedAt: epochSeconds(statement.createdAt),
    Database: statement.submission.database,
    SecretArn: statement.submission.secretArn,
    WorkgroupName: statement.submission.workgroup,
    Status: statement.status,
    HasResultSet: hasResultSet(statement),
    RedshiftPid: statement.pid,
  })
}

/** The statement of an earlier attempt with the same token and login. */
function begun(room: Room, input: Input): Statement | undefined {
  const statement = input.ClientToken && room.store.findByClientToken(input.ClientToken)
  return statement && statement.submission.secretArn === input.SecretArn ? statement : undefined
}

function begin(room: Room, input: Input, what: Pick<Submission, 'kind' | 'sqls' | 'mode'>): Statement {
  if (!room.runner.knows(input.SecretArn)) throw notFound('The specified secret does not exist.', input.SecretArn)
  if (input.Database !== room.database) {
    throw validationError(`Database: expected "${room.database}", got "${input.Database}".`)
  }
  for (const sql of what.sqls) {
    if (Buffer.byteLength(sql) > room.limits.sqlBytes) {
      throw validationError(`Cannot process query string larger than ${room.limits.sqlBytes / 1_000}kB`)
    }
    const word = transactionControl(sql)
    if (word) throw validationError(`Transaction control is not allowed: ${word.toUpperCase()}`)
  }
  const statement = createStatement({
    ...what,
    parameters: checkParameters(what.sqls, input.Parameters ?? []),
    secretArn: input.SecretArn,
    database: input.Database,
    workgroup: input.WorkgroupName,
    name: input.StatementName,
  })
  room.store.add(statement, input.ClientToken)
  room.submitted(statement)
  room.runner.start(statement)
  return statement
}
