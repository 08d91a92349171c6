/**
 * Publishes which fund each share class belongs to, for the replicas of the grants: from it they know what the grant of
 * a fund opens. Compares what the warehouse has with what the topic says, and appends the difference; so it may run
 * twice, or in two processes: they append the same, and readers drop what they have seen.
 *
 * An ingest is another process. Every `lookMs` one small statement tells whether it brought new share classes; every
 * `compareMs` everything is compared, which finds also a share class that moved and a log that was replaced.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { topics } from '@fundmesh/contracts/events'
import { decodeEvent, encodeEvent } from '@fundmesh/platform/events/codec'
import type { EventLog, Producer } from '@fundmesh/platform/events/log'
import { STRUCTURE_TOPIC } from '@fundmesh/platform/grants/replica'
import type { Logger } from '@fundmesh/platform/telemetry/log'
import type { Warehouse } from '@fundmesh/platform/warehouse/warehouse'
import { countOfMemberships, everyMembership } from '../store/structure.ts'

export interface StructurePublisher {
  /** Resolves when the structure has been published once. Rejects until then. */
  published(): Promise<void>
  /** Idempotent. */
  close(): Promise<void>
}

export interface StructurePublisherOptions {
  /** A handle of the login that reads every share class's fund. */
  readonly warehouse: Warehouse
  readonly eventLog: Pick<EventLog, 'ensureTopics' | 'producer' | 'read'>
  readonly log: Logger
  /** Milliseconds between two looks for new share classes. Default 2,000. */
  readonly lookMs?: number
  /** Milliseconds between two comparisons. Default 60,000. */
  readonly compareMs?: number
}

/** Records appended at once. */
const CHUNK = 1_000
/** How long closing waits for a call in hand. */
const CLOSE_MS = 1_000

export function publishStructure(options: StructurePublisherOptions): StructurePublisher {
  const { warehouse, eventLog, log, lookMs = 2_000, compareMs = 60_000 } = options
  const closing = new AbortController()
  let producer: Producer | undefined
  let comparedAt = Number.NEGATIVE_INFINITY
  let compared = Number.NaN

  /** What the topic says of each share class. */
  async function held(): Promise<ReadonlyMap<string, { readonly fundId: string; readonly sequence: number }>> {
    const newest = new Map<string, { fundId: string; sequence: number }>()
    for await (const record of eventLog.read(STRUCTURE_TOPIC)) {
      try {
        const event = decodeEvent(record)
        if (event.topic !== STRUCTURE_TOPIC) continue
        const { fundId, sequence } = event.data
        if (sequence > (newest.get(record.key)?.sequence ?? 0)) newest.set(record.key, { fundId, sequence })
      } catch (error) {
        log.error({ err: error, shareClass: record.key }, 'a record of the structure cannot be read; it is replaced')
      }
    }
    return newest
  }

  async function compare(): Promise<void> {
    if (!producer) {
      await eventLog.ensureTopics([topics.get(STRUCTURE_TOPIC)!])
      producer = await eventLog.producer()
    }
    const [wanted, known] = [await everyMembership(warehouse), await held()]
    const time = new Date()
    const events = wanted
      .filter(({ shareClassId, fundId }) => known.get(shareClassId)?.fundId !== fundId)
      .map(({ shareClassId, fundId }) => {
        const sequence = (known.get(shareClassId)?.sequence ?? 0) + 1
        return encodeEvent({
          topic: STRUCTURE_TOPIC,
          type: 'asset-management.fund.structure.v1',
          source: '/fund',
          id: `${shareClassId}:${sequence}`,
          time,
          data: { shareClassId, fundId, sequence },
        })
      })
    for (let from = 0; from < events.length; from += CHUNK) await producer.append(events.slice(from, from + CHUNK))
    if (events.length > 0) log.info({ shareClasses: events.length }, 'published the funds of share classes')
    compared = wanted.length
    comparedAt = performance.now()
  }

  const life = (async () => {
    while (!closing.signal.aborted) {
      try {
        const due = performance.now() - comparedAt >= compareMs
        if (due || (await countOfMemberships(warehouse)) !== compared) await compare()
      } catch (error) {
        if (!closing.signal.aborted) {
          log.warn({ reason: (error as Error).message }, 'cannot publish the funds of share classes; trying again')
        }
      }
      await sleep(lookMs, undefined, { signal: closing.signal }).catch(() => {})
    }
    await producer?.close()
  })()

  return {
    async published() {
      if (comparedAt === Number.NEGATIVE_INFINITY) throw new Error('the funds of share classes are not published yet')
    },
    async close() {
      closing.abort()
      // A call to a log that is down may hang until whoever opened the log closes it.
      await Promise.race([life, sleep(CLOSE_MS, undefined, { ref: false })])
    },
  }
}
