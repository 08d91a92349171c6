/**
 * Hands the records of one partition to their handler, one after the other, whichever log they come from.
 *
 *     offer → queue → in hand → handled: position moves on, `onAdvance`
 *                        ↓ rejected: `onTrouble`, a pause, in hand again
 *     seek: the queue is dropped, and what is in hand no longer moves the position
 *     refetch: the queue is dropped, and what is in hand still moves the position
 *     stop: the queue is dropped, what is in hand finishes
 */
import type { LogRecord } from './log.ts'
import { pause } from './wake.ts'

/** Fewer than these waiting: fetch more. */
const LOW_WATER = 50
/** As many as these waiting: stop fetching. */
const HIGH_WATER = 500

const RETRY_PAUSE_MS = 500
const MAX_RETRY_PAUSE_MS = 10_000

export interface PartitionReaderOptions {
  readonly topic: string
  readonly partition: number
  /** The first offset to be handled. */
  readonly position: bigint
  readonly onRecord: (record: LogRecord) => Promise<void>
  /** The position has moved: commit it, fetch more if there is room. */
  readonly onAdvance: () => void
  /** The position was set: fetch from there. `onAdvance` follows. */
  readonly onSeek: () => void
  readonly onTrouble: (error: Error) => void
}

export class PartitionReader {
  readonly topic: string
  readonly partition: number
  readonly #options: PartitionReaderOptions
  /** The next offset to be handled: all before it are. */
  #position: bigint
  /** The next offset to be fetched. */
  #fetchFrom: bigint
  #queue: LogRecord[] = []
  /** Replaced by a seek and a refetch: what a fetch was for. */
  #fetch: object = {}
  /** Set while a record is in hand. */
  #inHand: bigint | undefined
  /** Replaced by a seek. Aborted by a seek or by stop, which ends the pause before a redelivery. */
  #course = new AbortController()
  #stopped = false
  #working: Promise<void> | undefined

  constructor(options: PartitionReaderOptions) {
    this.topic = options.topic
    this.partition = options.partition
    this.#options = options
    this.#position = options.position
    this.#fetchFrom = options.position
  }

  get position(): bigint {
    return this.#position
  }

  get fetchFrom(): bigint {
    return this.#fetchFrom
  }

  /** What a fetch has to remember and give back with its records: they are dropped if a seek came between. */
  get fetch(): object {
    return this.#fetch
  }

  get isIdle(): boolean {
    return this.#working === undefined
  }

  get wantsMore(): boolean {
    return this.#queue.length < LOW_WATER
  }

  get isFull(): boolean {
    return this.#queue.length >= HIGH_WATER
  }

  /** Takes fetched records, in order; those fetched twice, or before a seek, are dropped. */
  offer(records: readonly LogRecord[], fetch: object): void {
    if (this.#stopped || fetch !== this.#fetch) return
    for (const record of records) {
      if (record.offset < this.#fetchFrom) continue
      this.#queue.push(record)
      this.#fetchFrom = record.offset + 1n
    }
    if (this.#queue.length > 0) this.#working ??= this.#work()
  }

  seek(offset: bigint): void {
    if (this.#stopped) return
    const left = this.#course
    this.#course = new AbortController()
    this.#fetch = {}
    this.#inHand = undefined
    this.#queue = []
    this.#position = offset
    this.#fetchFrom = offset
    left.abort()
    this.#options.onSeek()
    this.#options.onAdvance()
  }

  /** Forgets what waits to be handled: it will be fetched again, from `fetchFrom` on. */
  refetch(): void {
    this.#fetch = {}
    this.#queue = []
    this.#fetchFrom = this.#inHand === undefined ? this.#position : this.#inHand + 1n
  }

  /** Resolves when nothing is in hand any more. */
  async stop(): Promise<void> {
    this.#stopped = true
    this.#queue = []
    this.#course.abort()
    await this.#working
  }

  async #work(): Promise<void> {
    let record = this.#queue.shift()
    while (record !== undefined) {
      this.#inHand = record.offset
      await this.#handle(record)
      this.#inHand = undefined
      record = this.#queue.shift()
    }
    this.#working = undefined
  }

  async #handle(record: LogRecord): Promise<void> {
    const course = this.#course
    for (let pauseMs = RETRY_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, MAX_RETRY_PAUSE_MS)) {
      try {
        await this.#options.onRecord(record)
        if (course !== this.#course) return
        this.#position = record.offset + 1n
        this.#options.onAdvance()
        return
      } catch (cause) {
        const place = `${record.topic}/${record.partition}@${record.offset}`
        const reason = cause instanceof Error ? cause.message : String(cause)
        this.#options.onTrouble(
          new Error(`the record at ${place} was rejected and will be delivered again: ${reason}`, { cause }),
        )
        await pause(pauseMs, course.signal)
        if (course.signal.aborted) return
      }
    }
  }
}
