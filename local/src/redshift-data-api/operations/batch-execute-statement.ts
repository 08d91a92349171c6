import { z } from 'zod'
import { validationError } from '../errors.ts'
import * as inputs from './inputs.ts'
import { operation } from './operation.ts'
import { submit } from './submit.ts'

const input = inputs.submission.extend({
  Sqls: z.array(inputs.sql).min(1),
  ExecutionMode: z.enum(['TRANSACTION', 'AUTO_COMMIT']).default('TRANSACTION'),
})

export const batchExecuteStatement = operation(input, (room, given) => {
  if (given.Sqls.length > room.limits.batchSize) {
    throw validationError(`Sqls: expected at most ${room.limits.batchSize} statements, got ${given.Sqls.length}.`)
  }
  return submit(room, given, { kind: 'BatchExecuteStatement', sqls: given.Sqls, mode: given.ExecutionMode })
})
