import { createBatchRunner, type WarehouseOptions } from './batch-runner.ts'
import { replaceParameters } from './named-parameters.ts'
import type { Statement } from './warehouse.ts'

/** Writes to the warehouse under no tenant. Only for a login whose rights are that narrow: the row grants. */
export interface WarehouseExecutor {
  /** Runs all statements, in their order, in one transaction. Rejects with a WarehouseError; nothing was changed then. */
  execute(statements: readonly Statement[]): Promise<void>
  close(): void
}

/** The most SQL texts that the Data API takes in one batch. */
export const LARGEST_BATCH = 40

export function redshiftExecutor(options: WarehouseOptions): WarehouseExecutor {
  const runner = createBatchRunner(options)
  return {
    async execute(statements) {
      const [first] = statements
      if (!first) return
      if (statements.length > LARGEST_BATCH) {
        throw new RangeError(
          `expected at most ${LARGEST_BATCH} statements in "${first.name}", got ${statements.length}`,
        )
      }
      const own = statements.map(withOwnParameters)
      await runner.run({
        name: first.name,
        sqls: own.map(({ sql }) => sql),
        parameters: Object.assign({}, ...own.map(({ parameters }) => parameters)),
      })
    },
    close: () => runner.close(),
  }
}

/** A batch has one list of parameters for all its SQL texts: each statement's get a prefix of their own. */
function withOwnParameters({ sql, parameters }: Statement, index: number): Pick<Statement, 'sql' | 'parameters'> {
  const prefix = `s${index}_`
  return {
    sql: replaceParameters(sql, (name) => (Object.hasOwn(parameters, name) ? `:${prefix}${name}` : null)),
    parameters: Object.fromEntries(Object.entries(parameters).map(([name, value]) => [prefix + name, value])),
  }
}
