/**
 * The market of one machine: it replays recorded NAVs as indicative ones, a day every `dayMs`, from START on and, after
 * the last recorded day, from START again. `recordedAt` is now, `navDate` the day that is replayed.
 *
 *     read where we are → heal → ( next day → latest → intraday → wait )
 *
 * Where it is stands in `nav.latest` and nowhere else: the newest event of each share class gives its sequence and the
 * day. `latest` is written before `intraday`: a gateway reads `latest`, then follows `intraday` and drops what it has
 * seen, so that `latest` must never lag. A crash between the two leaves `intraday` without the newest event of a share
 * class; at start those are appended again, under their old ids, and readers drop what they have seen.
 * What the log does not take is tried again until it does: a sequence is never skipped.
 */
import { topics } from '@fundmesh/contracts/events'
import type { NavPublished } from '@fundmesh/contracts/generated/events'
import { decodeEvent, encodeEvent, PoisonRecord } from '@fundmesh/platform/events/codec'
import type { EventLog, Producer } from '@fundmesh/platform/events/log'
import { type EventLogOptions, openEventLog } from '@fundmesh/platform/events/open'
import { pause } from '@fundmesh/platform/events/wake'
import type { Logger } from '@fundmesh/platform/telemetry/log'
import { NavHistory, type Quote } from './history.ts'

const LATEST = 'asset-management.nav.latest'
const INTRADAY = 'asset-management.nav.intraday'

/** The first day on which every fund of the shipped data has a price. */
const START = '2020-07-01'

const RETRY_MS = 500

export interface MarketOptions {
  /** A login that reads all of gold. */
  readonly databaseUrl: string
  readonly eventLog: Pick<EventLogOptions, 'kafkaBrokers' | 'postgresUrl' | 'topicPrefix'>
  /** Milliseconds that a replayed day takes. */
  readonly dayMs: number
  readonly log: Logger
}

export interface Market {
  /** Lets the write in hand finish, if the log takes it, and stops. Idempotent. */
  close(): Promise<void>
}

/** Starts the replay and returns at once: it waits by itself for a log or a warehouse that is not there. */
export async function startMarket({ databaseUrl, eventLog, dayMs, log }: MarketOptions): Promise<Market> {
  const events = openEventLog({ ...eventLog, clientId: 'market', log })
  const history = new NavHistory(databaseUrl)
  const closing = new AbortController()
  const running = new Replay(events, history, dayMs, log, closing.signal).run()
  // Only its own mistake ends a replay; without a listener it would end the process.
  const ended = running.catch((err) => log.error({ err }, 'market: the replay ended'))
  const close = async () => {
    closing.abort()
    // The log first: the replay may be waiting for it.
    await Promise.all([events.close(), ended])
    await history.close()
  }
  let closed: Promise<void> | undefined
  return {
    close: () => {
      closed ??= close()
      return closed
    },
  }
}

class Replay {
  readonly #events: EventLog
  readonly #history: NavHistory
  readonly #dayMs: number
  readonly #log: Logger
  readonly #signal: AbortSignal
  /** Share class → its newest event. */
  #newest = new Map<string, NavPublished>()
  /** The day that is replayed. */
  #day: string | undefined

  constructor(events: EventLog, history: NavHistory, dayMs: number, log: Logger, signal: AbortSignal) {
    this.#events = events
    this.#history = history
    this.#dayMs = dayMs
    this.#log = log
    this.#signal = signal
  }

  async run(): Promise<void> {
    await this.#untilDone('making the topics', () => this.#events.ensureTopics([...topics.values()]))
    await this.#untilDone('reading where the replay is', () => this.#readPosition())
    const producer = await this.#events.producer()
    const newest = [...this.#newest.values()]
    await this.#append(producer, INTRADAY, newest)
    // A crash may have come when only some share classes had the day's price.
    await this.#publish(
      producer,
      (quote) => quote.navDate === this.#day && this.#newest.get(quote.shareClassId)?.navDate !== this.#day,
      this.#day,
    )
    while (!this.#signal.aborted) {
      await this.#publish(producer, () => true, this.#day && dayAfter(this.#day))
      await pause(this.#dayMs, this.#signal)
    }
  }

  async #readPosition(): Promise<void> {
    const newest = new Map<string, NavPublished>()
    for await (const record of this.#events.read(LATEST)) {
      try {
        const { data } = decodeEvent(record) as { data: NavPublished }
        if (data.sequence > (newest.get(data.shareClassId)?.sequence ?? 0)) newest.set(data.shareClassId, data)
      } catch (error) {
        if (!(error instanceof PoisonRecord)) throw error
        this.#log.warn({ err: error }, 'market: a record was passed over')
      }
    }
    this.#newest = newest
    this.#day = [...newest.values()].sort((a, b) => (a.recordedAt < b.recordedAt ? 1 : -1))[0]?.navDate
  }

  async #publish(producer: Producer, isDue: (quote: Quote) => boolean, from: string | undefined): Promise<void> {
    const day = await this.#untilDone('reading the prices of a day', async () => {
      const quotes = from === undefined ? [] : await this.#history.firstDay(from)
      return quotes.length > 0 ? quotes : this.#history.firstDay(START)
    })
    const recordedAt = new Date().toISOString()
    const published = (day ?? []).filter(isDue).map(
      (quote): NavPublished => ({
        shareClassId: quote.shareClassId,
        fundId: quote.fundId,
        isin: quote.isin,
        navDate: quote.navDate,
        navPrice: quote.navPrice,
        priceCurrency: quote.currency,
        priceNature: 'INDICATIVE',
        sequence: (this.#newest.get(quote.shareClassId)?.sequence ?? 0) + 1,
        recordedAt,
      }),
    )
    await this.#append(producer, LATEST, published)
    await this.#append(producer, INTRADAY, published)
    for (const event of published) this.#newest.set(event.shareClassId, event)
    this.#day = published[0]?.navDate ?? this.#day
  }

  async #append(
    producer: Producer,
    topic: typeof LATEST | typeof INTRADAY,
    published: readonly NavPublished[],
  ): Promise<void> {
    if (published.length === 0) return
    const records = published.map((data) =>
      encodeEvent({
        topic,
        type: 'asset-management.nav.published.v1',
        source: '/market',
        id: `${data.shareClassId}/${data.sequence}`,
        time: new Date(data.recordedAt),
        data,
      }),
    )
    await this.#untilDone(`appending to ${topic}`, () => producer.append(records))
  }

  /** The result, or undefined where the market closed before there was one. */
  async #untilDone<T>(what: string, attempt: () => Promise<T>): Promise<T | undefined> {
    while (!this.#signal.aborted) {
      try {
        return await attempt()
      } catch (err) {
        if (this.#signal.aborted) return undefined
        this.#log.warn({ err }, `market: ${what} failed, trying again`)
        await pause(RETRY_MS, this.#signal)
      }
    }
    return undefined
  }
}

function dayAfter(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10)
}
