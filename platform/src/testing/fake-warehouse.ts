import type { Statement, Warehouse, WarehouseRow } from '../warehouse/warehouse.ts'

/** The rows of a question, by its name. */
export type Answers = Readonly<Record<string, (parameters: Statement['parameters']) => readonly WarehouseRow[]>>

export interface FakeWarehouse extends Warehouse {
  /** What it was asked, in this order. */
  readonly asked: Statement[]
}

/** A warehouse for unit tests: it answers the questions it was given answers for, and rejects any other. */
export function fakeWarehouse(answers: Answers): FakeWarehouse {
  const asked: Statement[] = []
  return {
    asked,
    async query(statement) {
      asked.push(statement)
      const answer = answers[statement.name]
      if (!answer) throw new Error(`expected one of ${Object.keys(answers).join(', ')}; got "${statement.name}"`)
      return answer(statement.parameters)
    },
  }
}
