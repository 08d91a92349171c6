/**
 * The grants of every tenant and the structure of the funds, kept in memory from their compacted topics. It decides by
 * itself, in microseconds, and fails closed: it refuses until it has read the topics to their ends, and again when it
 * cannot tell that it still has all of them.
 *
 *     reading ──ends of the topics──▶ following ──records missing, log replaced──▶ reading
 *
 * How stale it can be: a change is here as soon as the log delivers it, milliseconds when all is well. Each second the
 * replica compares what it has with the ends of the topics. When no comparison has succeeded for `staleAfterMs` (10 s
 * unless told otherwise), be it that the log is down or silent, it is not ready and refuses everything. So a revocation
 * that the log has is never ignored for longer than that bound.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { topics } from '@fundmesh/contracts/events'
import { decodeEvent } from '../events/codec.ts'
import type { Consumer, EventLog, LogRecord, Position } from '../events/log.ts'
import type { Logger } from '../telemetry/log.ts'
import { GrantsIndex } from './grants-index.ts'

/** The topic that holds, for each tenant, all its grants. */
export const GRANTS_TOPIC = 'asset-management.entitlement.changes'
/** The topic that holds, for each share class, its fund. */
export const STRUCTURE_TOPIC = 'asset-management.fund.structure'

/** What the index decides; refusing everything while not ready. Rights are asked for the real now, never for a past `knownAt`. */
type Decisions = Pick<GrantsIndex, 'mayRead' | 'visible' | 'lastVisibleDate' | 'fieldSets' | 'roles'>

/** What is known of the structure of the funds, ready or not: it is public among services, and decides nothing. */
type KnownStructure = Pick<GrantsIndex, 'fundOf' | 'shareClassesOf'>

export interface GrantsReplica extends Decisions, KnownStructure {
  /** Counts the changes of the tenant's grants; 0 for a tenant that is unknown, or of which is not known what it holds. */
  epoch(tenant: string): number
  /**
   * Resolves when it is ready and has the tenant's changes up to the epoch: at once, or when they come. Rejects with the
   * signal's reason.
   */
  whenAtLeast(tenant: string, epoch: number, signal: AbortSignal): Promise<void>
  /** When, after that instant, time alone changes what the tenant may read; undefined: never. */
  nextBoundary(tenant: string, after: Date): Date | undefined
  /** Calls the listener after each change of a tenant's grants or of what they open, not when time moves a window. Returns how to end that. */
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

/** A comparison that is not settled yet: when it was made, and the ends of the topics then. */
interface Comparison {
  readonly at: number
  readonly ends: readonly Position[]
}

/** Somebody waits for changes of a tenant. */
interface Expectation {
  readonly tenant: string
  readonly epoch: number
  readonly met: () => void
}

const placeOf = ({ topic, partition }: { readonly topic: string; readonly partition: number }) =>
  `${topic}/${partition}`

/** Begins to read at once, and never gives up: while the log is down, the replica is not ready. */
export function openGrantsReplica(options: GrantsReplicaOptions): GrantsReplica {
  const { eventLog, log, staleAfterMs = 10_000, compareMs = 1_000, clock = () => performance.now() } = options
  // In this order: nobody holds anything yet whose rights would have to be looked at for each share class.
  const specs = [topics.get(STRUCTURE_TOPIC)!, topics.get(GRANTS_TOPIC)!]
  const index = new GrantsIndex()
  const listeners = new Set<(tenant: string) => void>()
  const closing = new AbortController()
  const waiting = new Set<() => void>()
  /** Those who wait for changes that are not here yet. */
  const expecting = new Set<Expectation>()
  /** By topic and partition, the offset before which we have everything. */
  let positions = new Map<string, bigint>()
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
    meet()
  }

  const has = (tenant: string, epoch: number) => ready() && index.knows(tenant, epoch)

  const meet = () => {
    for (const expectation of expecting) if (has(expectation.tenant, expectation.epoch)) expectation.met()
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

  /** Returns the tenants whose rights the record changed. */
  const apply = (into: GrantsIndex, record: LogRecord): readonly string[] => {
    const { topic, key } = record
    try {
      const event = decodeEvent(record)
      if (event.topic === GRANTS_TOPIC) return into.put(event.data) ? [key] : []
      if (event.topic === STRUCTURE_TOPIC) return into.putStructure(event.data)
      throw new Error(`expected a record of ${GRANTS_TOPIC} or ${STRUCTURE_TOPIC}, got one of ${event.topic}`)
    } catch (error) {
      if (topic === STRUCTURE_TOPIC) {
        log.error(
          { err: error, shareClass: key },
          'the fund of a share class cannot be read: no grant of a fund opens it',
        )
        return into.forgetStructure(key)
      }
      log.error({ err: error, tenant: key }, 'grants cannot be read: the tenant is refused until there are new ones')
      into.forget(key)
      return [key]
    }
  }

  const settle = () => {
    if (!comparison?.ends.every((end) => (positions.get(placeOf(end)) ?? 0n) >= end.offset)) return
    complete(comparison.at)
    comparison = undefined
  }

  const endOffsets = async (): Promise<readonly Position[]> =>
    (await Promise.all(specs.map(({ name }) => eventLog.endOffsets(name)))).flat()

  /** Reads everything into an index beside the one in use, so that what is older never shows through. */
  async function readAll(): Promise<readonly Position[]> {
    const reading = new GrantsIndex(index)
    const ends = await endOffsets()
    for (const { name } of specs) for await (const record of eventLog.read(name)) apply(reading, record)
    for (const tenant of index.renew(reading)) tell(tenant)
    return ends
  }

  async function onRecord(record: LogRecord): Promise<void> {
    const changed = apply(index, record)
    positions.set(placeOf(record), record.offset + 1n)
    settle()
    for (const tenant of changed) tell(tenant)
    if (changed.length > 0) meet()
  }

  /** Reads, follows, and compares until there is a reason to read anew, which it throws. */
  async function follow(): Promise<void> {
    let consumer: Consumer | undefined
    try {
      await eventLog.ensureTopics(specs)
      const began = clock()
      const ends = await readAll()
      positions = new Map(ends.map((end) => [placeOf(end), end.offset]))
      comparison = undefined
      consumer = await eventLog.consume({
        topics: specs.map(({ name }) => name),
        from: ends,
        onRecord,
        onTrouble: (error) => log.warn({ reason: error.message }, 'trouble with the log of grants'),
      })
      complete(began)
      log.info('grants are complete')
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
      ends = await endOffsets()
    } catch (error) {
      log.warn({ reason: (error as Error).message }, 'cannot tell whether the grants are complete')
      return
    }
    for (const end of ends) {
      const position = positions.get(placeOf(end)) ?? 0n
      if (end.offset < position) throw new Error(`${placeOf(end)} ends at ${end.offset}, and we were at ${position}`)
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
    mayRead: (...question) => ready() && index.mayRead(...question),
    visible: (...question) => (ready() ? index.visible(...question) : []),
    lastVisibleDate: (...question) => (ready() ? index.lastVisibleDate(...question) : undefined),
    fieldSets: (...question) => (ready() ? index.fieldSets(...question) : new Set()),
    roles: (...question) => (ready() ? index.roles(...question) : new Set()),
    fundOf: (shareClassId) => index.fundOf(shareClassId),
    shareClassesOf: (fundId) => index.shareClassesOf(fundId),
    epoch: (tenant) => (index.knows(tenant, 1) ? index.epoch(tenant) : 0),
    async whenAtLeast(tenant, epoch, signal) {
      signal.throwIfAborted()
      if (has(tenant, epoch)) return
      await new Promise<void>((resolve, reject) => {
        const leave = () => {
          expecting.delete(expectation)
          signal.removeEventListener('abort', giveUp)
        }
        const giveUp = () => {
          leave()
          reject(signal.reason)
        }
        const expectation = {
          tenant,
          epoch,
          met() {
            leave()
            resolve()
          },
        }
        expecting.add(expectation)
        signal.addEventListener('abort', giveUp, { once: true })
      })
    },
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
