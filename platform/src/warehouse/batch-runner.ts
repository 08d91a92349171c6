import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  BatchExecuteStatementCommand,
  CancelStatementCommand,
  type ColumnMetadata,
  DescribeStatementCommand,
  type Field,
  GetStatementResultCommand,
  type StatusString,
} from '@aws-sdk/client-redshift-data'
import type { Logger } from '../telemetry/log.ts'
import { type DataApiAddress, dataApiClient } from './data-api-client.ts'
import { WarehouseError, type WarehouseErrorCode } from './errors.ts'
import { toRows } from './fields.ts'
import type { WarehouseRow } from './warehouse.ts'

/** Which warehouse, and as whom. */
export interface WarehouseOptions extends DataApiAddress {
  readonly workgroup: string
  readonly database: string
  /** Names the secret with the database login. */
  readonly secretArn: string
  readonly log: Logger
  /** How long one question may take in all, in milliseconds; it is cancelled then. Default 20,000. */
  readonly deadlineMs?: number
}

/** Several SQL texts that run in one transaction and share their parameters; each parameter is used by one at least. */
export interface Batch {
  readonly name: string
  readonly sqls: readonly string[]
  readonly parameters: Readonly<Record<string, string>>
}

/** Runs batches through the Data API. Rejects with a WarehouseError. */
export interface BatchRunner {
  /** Resolves with the rows of the SQL text at `resultOf` (from 0), or with none where it is absent. */
  run(batch: Batch, resultOf?: number): Promise<readonly WarehouseRow[]>
  close(): void
}

/** The longest that the Data API holds a response back (WaitTimeSeconds). */
const LONGEST_WAIT_SECONDS = 30
const POLL_MS = 50
/** How much longer than its deadline a request may hang before it is given up. */
const GRACE_MS = 1_000

/** The Data API has no room now. The client retries the first two itself, a few times; the others it does not. */
const BUSY = new Set([
  'ThrottlingException',
  'TooManyRequestsException',
  'ActiveStatementsExceededException',
  'ActiveSessionsExceededException',
  'ActiveWaitingRequestsExceededException',
])

/** Names of errors that repeating cannot cure; whatever is not listed leaves the warehouse unavailable. */
const CODES: Readonly<Record<string, WarehouseErrorCode>> = {
  ValidationException: 'REJECTED',
  ResultError: 'REJECTED',
  AbortError: 'TIMEOUT',
  TimeoutError: 'TIMEOUT',
  QueryTimeoutException: 'TIMEOUT',
}

/** What a batch's final state means to whoever waits for it: nothing wrong, or the code of the error. */
const OUTCOMES: Readonly<Partial<Record<StatusString, WarehouseErrorCode | 'DONE'>>> = {
  FINISHED: 'DONE',
  FAILED: 'REJECTED',
  ABORTED: 'UNAVAILABLE',
}

export function createBatchRunner(options: WarehouseOptions): BatchRunner {
  const { workgroup, database, secretArn, log, deadlineMs = 20_000 } = options
  const client = dataApiClient(options)

  async function run(batch: Batch, resultOf?: number): Promise<readonly WarehouseRow[]> {
    const startedAt = performance.now()
    const deadline = startedAt + deadlineMs
    const request = { abortSignal: AbortSignal.timeout(deadlineMs + GRACE_MS) }
    try {
      const id = await finish(batch, deadline, request)
      const rows = resultOf === undefined ? [] : await readRows(`${id}:${resultOf + 1}`, request)
      log.debug(
        { statement: batch.name, statementId: id, rows: rows.length, ms: since(startedAt) },
        'warehouse answered',
      )
      return rows
    } catch (error) {
      if (error instanceof WarehouseError) throw error
      const { name, message } = error as Error
      const code = CODES[name] ?? 'UNAVAILABLE'
      log.warn({ statement: batch.name, code, reason: `${name}: ${message}`, ms: since(startedAt) }, 'warehouse failed')
      throw new WarehouseError(code, batch.name)
    }
  }

  /** Submits, waits, and cancels at the deadline. Resolves with the batch's id once it has been committed. */
  async function finish(batch: Batch, deadline: number, request: { abortSignal: AbortSignal }): Promise<string> {
    const submitted = await submit(batch, deadline, request)
    const id = submitted.Id
    if (!id) throw new Error('expected the id of a statement, got none')
    let status: StatusString | undefined = submitted.Status
    let outcome = status && OUTCOMES[status]
    while (!outcome) {
      const left = deadline - performance.now()
      if (left <= 0) {
        await cancel(id, batch.name)
        throw new WarehouseError('TIMEOUT', batch.name)
      }
      const wait = waitTime(deadline)
      if (!wait) await sleep(Math.min(POLL_MS, left))
      ;({ Status: status } = await client.send(new DescribeStatementCommand({ Id: id, ...wait }), request))
      outcome = status && OUTCOMES[status]
    }
    if (outcome === 'DONE') return id
    const { Error: reason } = await client.send(new DescribeStatementCommand({ Id: id }), request)
    log.warn({ statement: batch.name, statementId: id, code: outcome, status, reason }, 'warehouse failed')
    throw new WarehouseError(outcome, batch.name)
  }

  async function submit(batch: Batch, deadline: number, request: { abortSignal: AbortSignal }) {
    const parameters = Object.entries(batch.parameters).map(([name, value]) => ({ name, value }))
    const input = {
      WorkgroupName: workgroup,
      Database: database,
      SecretArn: secretArn,
      StatementName: batch.name,
      Sqls: [...batch.sqls],
      // An empty list is refused.
      ...(parameters.length > 0 ? { Parameters: parameters } : {}),
      // The same for every attempt, so that a batch whose answer was lost does not run twice.
      ClientToken: randomUUID(),
    }
    for (let pause = 100; ; pause *= 2) {
      try {
        return await client.send(new BatchExecuteStatementCommand({ ...input, ...waitTime(deadline) }), request)
      } catch (error) {
        const jittered = pause * (0.5 + Math.random())
        if (!BUSY.has((error as Error).name) || performance.now() + jittered >= deadline) throw error
        await sleep(jittered)
      }
    }
  }

  /** All pages of one result. */
  async function readRows(id: string, request: { abortSignal: AbortSignal }): Promise<readonly WarehouseRow[]> {
    const records: Field[][] = []
    let columns: ColumnMetadata[] = []
    let next: string | undefined
    do {
      const page = await client.send(
        new GetStatementResultCommand({ Id: id, ...(next ? { NextToken: next } : {}) }),
        request,
      )
      for (const record of page.Records ?? []) records.push(record)
      columns = page.ColumnMetadata ?? columns
      next = page.NextToken || undefined
    } while (next)
    return toRows(columns, records)
  }

  async function cancel(id: string, statement: string): Promise<void> {
    try {
      await client.send(new CancelStatementCommand({ Id: id }), { abortSignal: AbortSignal.timeout(GRACE_MS) })
      log.warn({ statement, statementId: id, deadlineMs }, 'warehouse statement cancelled at its deadline')
    } catch (error) {
      // It ended by itself in the meantime, or runs on until the warehouse's own limit: the caller is told the same.
      log.warn({ statement, statementId: id, reason: (error as Error).message }, 'warehouse statement not cancelled')
    }
  }

  return { run, close: () => client.destroy() }
}

/** How long the Data API shall hold its response back, in its whole seconds; nothing when less than one is left. */
function waitTime(deadline: number): { WaitTimeSeconds: number } | undefined {
  const seconds = Math.min(LONGEST_WAIT_SECONDS, Math.floor((deadline - performance.now()) / 1_000))
  return seconds >= 1 ? { WaitTimeSeconds: seconds } : undefined
}

function since(startedAt: number): number {
  return Math.round(performance.now() - startedAt)
}
