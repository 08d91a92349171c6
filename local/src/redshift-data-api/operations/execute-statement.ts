import * as inputs from './inputs.ts'
import { operation } from './operation.ts'
import { submit } from './submit.ts'

const input = inputs.submission.extend({ Sql: inputs.sql })

export const executeStatement = operation(input, (room, given) =>
  submit(room, given, { kind: 'ExecuteStatement', sqls: [given.Sql], mode: 'TRANSACTION' }),
)
