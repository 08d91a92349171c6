/**
 * The grants of every tenant, kept in memory from their compacted topic. It decides by itself, in microseconds, and fails
 * closed: it refuses until it has read the topic to its end, and again when it cannot tell that it still has all of it.
 *
 *     reading ──end of the topic──▶ following ──records missing, log replaced──▶ reading
 *
 * How stale it can be: a change is here as soon as the log delivers it, milliseconds when all is well. Each second the
 * replica compares what it has with the ends of the topic. When no comparison has succeeded for `staleAfterMs` (10 s
 * unless told otherwise), be it that the log is down or silent, it is not ready and refuses everything. So a revocation
 * that the log has is never ignored for longer than that bound.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { topics } from '@fundmesh/contracts/events'
import { decodeEvent } from '../events/codec.ts'
import type { Consumer, EventLog, LogRecord, Position } from '../events/log.ts'
import type { Logger } from '../telemetry/log.ts'
import { GrantsIndex, type Resource } from './grants-index.ts'

export type { Resource } from './grants-index.ts'

/** The topic that holds, for each tenant, all its grants. */
export const GRANTS_TOPIC = 'asset-management.entitlement.changes'

export interface GrantsReplica {
  /**
   * Whether a grant of any one of the resources (kind → id) is in force at that instant. False while not ready.
   * Rights are asked for the real now, never for a past `knownAt`.
   */
  mayRead(tenant: string, resources: Iterable<Resource>, at: Date): boolean
  /** Counts the changes of the tenant's grants; 0 for a tenant that is unknown. */
  epoch(tenant: string): number
  /** When, after that instant, time alone changes what the tenant may read; undefined: never. */
  nextBoundary(tenant: string, after: Date): Date | undefined
  /** Calls the listener after each change of a tenant's grants, not when time moves a window. Returns how to end that. */
  onChange(listener: (tenant: string) => void): () => void
  /** Whether it has every change that the log had `staleAfterMs` ago. */
  ready(): boolean
  /**
   * Resolves when it is ready: at once, or when it has caught up (again). Never, when it is closed before. Whoever holds
   * an event waits for it rather than take "not ready" for a revocation.
   */
  whenReady(): Promise<void>
  /** Idempotent. */
  close(): Promise<void>
}

export interface GrantsReplicaOptions {
  readonly eventLog: Pick<EventLog, 'ensureTopics' | 'endOffsets' | 'read' | 'consume'>
  readonly log: Logger
  /** In milliseconds; see above. Default 10,000. */
  readonly staleAfterMs?: number
  /** Milliseconds between two comparisons. Default 1,000. */
  readonly compareMs?: number
  /** A clock that never goes back, in milliseconds. Default: performance.now. */
  readonly clock?: () => number
}

/** How long closing waits for a call in hand. */
const CLOSE_MS = 1_000

/** A comparison that is not settled yet: when it was made, and the ends of the topic then. */
interface Comparison {
  readonly at: number
  readonly ends: readonly Position[]
}

/** Begins to read at once, and never gives up: while the log is down, the replica is not ready. */
export function openGrantsReplica(options: GrantsReplicaOptions): GrantsReplica {
  const { eventLog, log, staleAfterMs = 10_000, compareMs = 1_000, clock = () => performance.now() } = options
  const topic = topics.get(GRANTS_TOPIC)!
  const index = new GrantsIndex()
  const listeners = new Set<(tenant: string) => void>()
  const closing = new AbortController()
  const waiting = new Set<() => void>()
  /** By partition, the offset before which we have everything. */
  let positions = new Map<number, bigint>()
  let comparison: Comparison | undefined
  /** The last time of which we know that we had everything. */
  let completeAt: number | undefined

  const ready = () => completeAt !== undefined && clock() - completeAt <= staleAfterMs

  /** Everything that the log had at that time is here. */
  const complete = (at: number) => {
    completeAt = at
    if (!ready()) return
    for (const resolve of waiting) resolve()
    waiting.clear()
  }

  const tell = (tenant: string) => {
    for (const listener of listeners) {
      try {
        listener(tenant)
      } catch (error) {
        log.error({ err: error, tenant }, 'a listener for changes of grants failed')
      }
    }
  }

  /** Returns the tenant whose rights the record changed. */
  const apply = (into: GrantsIndex, record: LogRecord): string | undefined => {
    try {
      const event = decodeEvent(record)
      if (event.topic !== GRANTS_TOPIC) throw new Error(`expected a record of ${GRANTS_TOPIC}, got ${event.topic}`)
      return into.put(event.data) ? record.key : undefined
    } catch (error) {
      log.error(
        { err: error, tenant: record.key },
        'grants cannot be read: the tenant is refused until there are new ones',
      )
      into.forget(record.key)
      return record.key
    }
  }

  const settle = () => {
    if (!comparison?.ends.every(({ partition, offset }) => (positions.get(partition) ?? 0n) >= offset)) return
    complete(comparison.at)
    comparison = undefined
  }

  /** Reads everything into an index beside the one in use, so that what is older never shows through. */
  async function readAll(): Promise<readonly Position[]> {
    const reading = new GrantsIndex()
    const ends = await eventLog.endOffsets(topic.name)
    for await (const record of eventLog.read(topic.name)) apply(reading, record)
    for (const tenant of index.renew(reading)) tell(tenant)
    return ends
  }

  async function onRecord(record: LogRecord): Promise<void> {
    const changed = apply(index, record)
    positions.set(record.partition, record.offset + 1n)
    settle()
    if (changed !== undefined) tell(changed)
  }

  /** Reads, follows, and compares until there is a reason to read anew, which it throws. */
  async function follow(): Promise<void> {
    let consumer: Consumer | undefined
    try {
      await eventLog.ensureTopics([topic])
      const began = clock()
      const ends = await readAll()
      positions = new Map(ends.map(({ partition, offset }) => [partition, offset]))
      comparison = undefined
      consumer = await eventLog.consume({
        topics: [topic.name],
        from: ends,
        onRecord,
        onTrouble: (error) => log.warn({ reason: error.message }, 'trouble with the log of grants'),
      })
      complete(began)
      log.info({ topic: topic.name }, 'grants are complete')
      for (;;) {
        await sleep(compareMs, undefined, { signal: closing.signal })
        await compare()
      }
    } finally {
      await consumer?.close()
    }
  }

  /** Throws where only reading everything helps. */
  async function compare(): Promise<void> {
    const at = clock()
    let ends: readonly Position[]
    try {
      ends = await eventLog.endOffsets(topic.name)
    } catch (error) {
      log.warn({ reason: (error as Error).message }, 'cannot tell whether the grants are complete')
      return
    }
    for (const { partition, offset } of ends) {
      const position = positions.get(partition) ?? 0n
      if (offset < position) throw new Error(`partition ${partition} ends at ${offset}, and we were at ${position}`)
    }
    if (comparison && at - comparison.at > staleAfterMs / 2) throw new Error('records of the log did not come')
    // An unsettled comparison stays: later ones could keep moving away.
    comparison ??= { at, ends }
    settle()
  }

  const life = (async () => {
    while (!closing.signal.aborted) {
      try {
        await follow()
      } catch (error) {
        if (closing.signal.aborted) return
        log.warn({ reason: (error as Error).message }, 'reads the grants anew')
        await sleep(compareMs, undefined, { signal: closing.signal }).catch(() => {})
      }
    }
  })()

  return {
    mayRead: (tenant, resources, at) => ready() && index.mayRead(tenant, resources, at),
    epoch: (tenant) => index.epoch(tenant),
    nextBoundary: (tenant, after) => index.nextBoundary(tenant, after),
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    ready,
    whenReady: () => (ready() ? Promise.resolve() : new Promise((resolve) => waiting.add(resolve))),
    async close() {
      closing.abort()
      // A call to a log that is down may hang until whoever opened the log closes it.
      await Promise.race([life, sleep(CLOSE_MS, undefined, { ref: false })])
    },
  }
}
