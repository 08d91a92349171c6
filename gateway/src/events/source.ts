/**
 * Takes the records of the streams' topics and decodes them: one consumer for the process. It keeps the newest event of
 * each key, which is what a new subscriber gets first, and drops what was seen before.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { topics } from '@fundmesh/contracts/events'
import { decodeEvent, type Event, PoisonRecord } from '@fundmesh/platform/events/codec'
import type { Consumer, EventLog, LogRecord, Position } from '@fundmesh/platform/events/log'
import type { Logger } from '@fundmesh/platform/telemetry/log'
import type { Stream } from '../supergraph/streams.ts'

export interface EventSource {
  /** The newest event of each key of a topic. */
  newest(topic: string): ReadonlyMap<string, Event>
  /** Whether the snapshots were read and the updates are being followed. */
  readonly ready: boolean
  close(): Promise<void>
}

export interface EventSourceOptions {
  readonly eventLog: EventLog
  readonly streams: Iterable<Stream>
  /** Resolves when it can be decided who may read; until then no event is taken, and none is lost. */
  readonly decidable: () => Promise<void>
  /** Called in the order of each key; an event of a key is never given twice. */
  readonly onEvent: (event: Event) => void
  /** Called where events of a key were missed. */
  readonly onGap: (topic: string, key: string) => void
  readonly log: Logger
}

const retryMs = 1_000

/** Begins at once, in the background, and tries again for as long as the log cannot be reached. */
export function eventSource({ eventLog, streams, decidable, onEvent, onGap, log }: EventSourceOptions): EventSource {
  const newest = new Map<string, Map<string, Event>>()
  /** Topic of updates → its topic of snapshots. */
  const followed = new Map([...streams].map((stream) => [stream.topic, stream.snapshotTopic] as const))
  for (const topic of followed.keys()) newest.set(topic, new Map())
  let consumer: Consumer | undefined
  let closed = false

  const decode = (record: LogRecord): Event | undefined => {
    try {
      return decodeEvent(record)
    } catch (error) {
      if (!(error instanceof PoisonRecord)) throw error
      log.error({ err: error }, 'a record was set aside: it does not follow its contract')
      return undefined
    }
  }

  const take = async (record: LogRecord) => {
    const event = decode(record)
    if (!event) return
    await decidable()
    const known = newest.get(record.topic)!
    const last = known.get(event.key)?.sequence
    if (last !== undefined && event.sequence <= last) return
    known.set(event.key, event)
    if (last !== undefined && event.sequence > last + 1) {
      log.error({ topic: record.topic, key: event.key, last, next: event.sequence }, 'events are missing')
      onGap(record.topic, event.key)
    }
    onEvent(event)
  }

  const readSnapshot = async (topic: string, snapshotTopic: string) => {
    const known = newest.get(topic)!
    for await (const record of eventLog.read(snapshotTopic)) {
      const event = decode(record)
      if (event && event.sequence > (known.get(event.key)?.sequence ?? 0)) known.set(event.key, event)
    }
  }

  // The ends are asked for before the snapshots are read, and producers write the snapshot first: whatever was in the
  // topic then is in the snapshot, whatever comes after is read from there. Nothing falls between.
  const begin = async () => {
    await eventLog.ensureTopics(
      [...followed].flatMap(([topic, snapshot]) => [topic, ...(snapshot ? [snapshot] : [])].map(contractOf)),
    )
    const from: Position[] = []
    for (const [topic, snapshotTopic] of followed) {
      from.push(...(await eventLog.endOffsets(topic)))
      if (snapshotTopic) await readSnapshot(topic, snapshotTopic)
    }
    const following = await eventLog.consume({
      topics: [...followed.keys()],
      from,
      onRecord: take,
      onTrouble: (error) => log.warn({ reason: error.message }, 'the event log is in trouble'),
    })
    if (closed) await following.close()
    else consumer = following
  }

  const beginUntilReached = async () => {
    while (!closed && followed.size > 0 && !consumer) {
      try {
        await begin()
      } catch (error) {
        if (closed) return
        log.warn({ reason: (error as Error).message }, 'the event log cannot be read yet')
        await sleep(retryMs, undefined, { ref: false })
      }
    }
  }
  void beginUntilReached()

  return {
    newest: (topic) => newest.get(topic) ?? new Map(),
    get ready() {
      return followed.size === 0 || consumer !== undefined
    },
    // A log that cannot be reached would keep us waiting: what is still beginning ends when the log is closed.
    async close() {
      closed = true
      await consumer?.close()
    },
  }
}

function contractOf(name: string) {
  const topic = topics.get(name)
  if (!topic) throw new Error(`topics.yaml has no topic ${name}, which a subscription field names`)
  return topic
}
