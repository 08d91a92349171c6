import { z } from 'zod'
import { validationError } from '../errors.ts'
import { hasEnded } from '../statement.ts'
import * as inputs from './inputs.ts'
import { operation } from './operation.ts'

const input = z.object({ Id: inputs.statementId })

export const cancelStatement = operation(input, async (room, { Id }) => {
  const { statement, subStatement } = room.store.find(Id)
  if (subStatement) throw validationError(`Id: expected the id of a whole batch, got "${Id}".`)
  if (hasEnded(statement)) {
    throw validationError(`Could not cancel a query that is already in ${statement.status} state with ID: ${Id}`)
  }
  await room.runner.cancel(statement)
  return JSON.stringify({ Status: statement.status === 'ABORTED' })
})
