/**
 * The way of an entry from the gateway to the event log, at least once:
 *
 *     recorded ──next turn──▶ spooled ──the log has it──▶ published, forgotten here
 *
 * What waits is bounded. When it is full, `room` says so and nothing new may be answered: an answer whose record cannot
 * be kept is not given. A spool that cannot be written leaves the entries in memory, within the same bound.
 */
import { randomUUID } from 'node:crypto'
import { topics } from '@fundmesh/contracts/events'
import type { AuditEntry } from '@fundmesh/contracts/generated/events'
import { encodeEvent } from '@fundmesh/platform/events/codec'
import type { EventLog, NewRecord, Producer } from '@fundmesh/platform/events/log'
import { pause, Wake } from '@fundmesh/platform/events/wake'
import type { Logger } from '@fundmesh/platform/telemetry/log'
import { openSpool, type Segment, type Spooled, spooledLine } from './spool.ts'

export const AUDIT_TOPIC = 'asset-management.audit.decisions'

export interface Trail {
  /** Whether another entry may be recorded. */
  room(): boolean
  /** Takes the entry; resolves when it is spooled, or, without a spool, at once. Never rejects. */
  record(tenantId: string, entry: Omit<AuditEntry, 'number'>): Promise<void>
  /** Publishes what is there, for `withinMs` at the most; what remains is in the spool. Idempotent. */
  close(withinMs?: number): Promise<void>
}

export interface TrailOptions {
  readonly eventLog: Pick<EventLog, 'ensureTopics' | 'producer'>
  /** Where entries wait on disk; undefined: in memory only. */
  readonly folder: string | undefined
  readonly log: Logger
  /** Bytes of entries that may wait. Default 32 MiB. */
  readonly maxBytes?: number
  /** Milliseconds before a failed append is tried again. Default 1,000. */
  readonly retryMs?: number
}

interface Waiting {
  readonly spooled: Spooled
  readonly bytes: number
  segment: Segment | undefined
}

/** Of one record of the log, at the most: a broker takes one megabyte. */
const recordEntries = 200
const recordBytes = 256 * 1024
/** Entries that one append takes, and how long it waits for more. */
const appendEntries = 2_000
const lingerMs = 50

export function auditTrail(options: TrailOptions): Trail {
  const { eventLog, folder, log, maxBytes = 32 * 1024 * 1024, retryMs = 1_000 } = options
  const source = randomUUID()
  const spool = folder === undefined ? undefined : openSpool(folder, source)
  const toPublish: Waiting[] = []
  let unspooled: { waiting: Waiting; line: string; done: () => void }[] = []
  let number = 0
  let bytes = 0
  let spooling: Promise<void> | undefined
  let closing = false
  const wake = new Wake()
  const ending = new AbortController()

  const spoolAll = async () => {
    // After the answers of this turn have been written.
    await new Promise((resolve) => setImmediate(resolve))
    while (unspooled.length > 0) {
      const batch = unspooled
      unspooled = []
      const segment = await spool?.append(batch.map(({ line }) => line)).catch((error: Error) => {
        log.error({ err: error }, 'the audit spool cannot be written: its entries wait in memory')
        return undefined
      })
      for (const { waiting, done } of batch) {
        waiting.segment = segment
        toPublish.push(waiting)
        done()
      }
      wake.wake()
    }
    spooling = undefined
  }

  async function adopt(): Promise<void> {
    const left = await spool?.leftovers().catch((error: Error) => {
      log.error({ err: error }, 'the audit spool cannot be read: what an earlier gateway left stays there')
      return []
    })
    for (const { segment, entries } of left ?? []) {
      if (entries.length === 0) await spool?.remove(segment).catch(() => {})
      for (const spooled of entries) {
        const waiting = { spooled, bytes: spooledLine(spooled).length, segment }
        bytes += waiting.bytes
        toPublish.push(waiting)
      }
      if (entries.length > 0) log.info({ entries: entries.length }, 'publishes audit entries of an earlier gateway')
    }
  }

  const published = async (count: number) => {
    for (const waiting of toPublish.splice(0, count)) {
      bytes -= waiting.bytes
      const { segment } = waiting
      if (!segment) continue
      segment.waiting -= 1
      // An open segment that is empty stays: it is about to be written again.
      if (segment.waiting === 0 && !segment.open) await spool?.remove(segment).catch(() => {})
    }
  }

  async function publish(): Promise<void> {
    let producer: Producer | undefined
    let ready = false
    for (;;) {
      if (toPublish.length === 0) {
        if (closing) break
        await wake.sleep(60_000)
        continue
      }
      if (!closing && toPublish.length < appendEntries) await pause(lingerMs, ending.signal)
      try {
        if (!ready) await eventLog.ensureTopics([topics.get(AUDIT_TOPIC)!])
        ready = true
        producer ??= await eventLog.producer()
        const batch = toPublish.slice(0, appendEntries)
        await producer.append(records(batch))
        await published(batch.length)
      } catch (error) {
        log.warn(
          { reason: (error as Error).message, waiting: toPublish.length },
          'audit entries cannot be published yet',
        )
        if (closing) break
        await wake.sleep(retryMs)
      }
    }
    await producer?.close().catch(() => {})
  }

  const life = adopt().then(publish)
  let closed: Promise<void> | undefined

  return {
    room: () => bytes < maxBytes,
    record(tenantId, entry) {
      number += 1
      const spooled = { tenantId, source, entry: { ...entry, number } }
      const line = spooledLine(spooled)
      const waiting: Waiting = { spooled, bytes: line.length, segment: undefined }
      bytes += waiting.bytes
      return new Promise((done) => {
        unspooled.push({ waiting, line, done })
        spooling ??= spoolAll()
      })
    },
    close(withinMs = 5_000) {
      closed ??= (async () => {
        await spooling
        closing = true
        ending.abort()
        wake.wake()
        const timer = new AbortController()
        await Promise.race([life, after(withinMs, timer.signal)])
        timer.abort()
        await spool?.close().catch(() => {})
        if (toPublish.length > 0) log.warn({ waiting: toPublish.length }, 'audit entries are left in the spool')
      })()
      return closed
    },
  }
}

const after = (ms: number, signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, ms)
    signal.addEventListener('abort', () => clearTimeout(timer), { once: true })
  })

/** The entries as records of the log: of one writer and tenant each, in order. */
function records(batch: readonly Waiting[]): NewRecord[] {
  const groups = new Map<string, { entries: AuditEntry[]; bytes: number }[]>()
  for (const { spooled, bytes } of batch) {
    const name = JSON.stringify([spooled.source, spooled.tenantId])
    const known = groups.get(name) ?? []
    groups.set(name, known)
    let last = known.at(-1)
    if (!last || last.entries.length >= recordEntries || last.bytes + bytes > recordBytes) {
      last = { entries: [], bytes: 0 }
      known.push(last)
    }
    last.entries.push(spooled.entry)
    last.bytes += bytes
  }
  return [...groups].flatMap(([name, parts]) => {
    const [source, tenantId] = JSON.parse(name) as [string, string]
    return parts.map(({ entries }) =>
      encodeEvent({
        topic: AUDIT_TOPIC,
        type: `${AUDIT_TOPIC}.v1`,
        source: `/gateway/${source}`,
        id: `${source}:${entries[0]!.number}`,
        time: new Date(entries[0]!.at),
        data: { tenantId, source, sequence: entries[0]!.number, entries },
      }),
    )
  })
}
