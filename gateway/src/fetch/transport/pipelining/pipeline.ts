/**
 * One connection, and the posts that wait on it for their responses, in their order.
 *
 *   connecting ──▶ open ──▶ closing ──▶ gone
 *        │           │  takes no more; those on it are answered still
 *        └───────────┴──────────────────▶ gone: whoever waits is told why
 */
import { connect, type Socket } from 'node:net'
import { performance } from 'node:perf_hooks'
import { NoReply, type NoReplyKind, type Post, type Receiver, type Sending } from '../exchange.ts'
import { type Read, ResponseReader } from './response-reader.ts'

/** What the pipelines of one subgraph share. */
export interface PipelineOwner {
  readonly host: string
  readonly port: number
  /** Writes a post's bytes as text. */
  write(post: Post): string
  /** Something waits to be written. */
  wrote(pipeline: Pipeline): void
  /** A response came so long after it was first in turn; `last`: it ends the connection, the so-manieth on it. */
  answered(milliseconds: number, last: boolean, answers: number): void
  /** The subgraph does not speak as we read it. */
  unusual(reason: string): void
  gone(pipeline: Pipeline): void
}

class Place implements Sending {
  readonly post: Post
  /** Undefined: nobody waits for it any more. */
  receiver: Receiver | undefined
  /** The write that it left with; 0 while it has not. */
  written = 0
  private readonly pipeline: Pipeline

  constructor(pipeline: Pipeline, post: Post, receiver: Receiver) {
    this.pipeline = pipeline
    this.post = post
    this.receiver = receiver
  }

  cancel(reason: NoReply): void {
    if (!this.receiver) return
    this.fail(reason)
    this.pipeline.left(this)
  }

  fail(reason: NoReply): void {
    const { receiver } = this
    this.receiver = undefined
    receiver?.failed(reason)
  }
}

const connectMs = 2_000
const readBytes = 128 * 1024

export class Pipeline {
  /** Whose posts wait; posts of others do not join them. */
  party: string | undefined
  /** When the first in turn became so, or the last was answered. */
  since = performance.now()
  private answers = 0
  private state: 'connecting' | 'open' | 'closing' | 'gone' = 'connecting'
  private readonly owner: PipelineOwner
  private readonly socket: Socket
  private readonly reader: ResponseReader
  /** In the order in which they are answered; those not written yet are the last. */
  private readonly places: Place[] = []
  private writes = 0
  /** The last write whose bytes have all left: no honest answer comes before its question has. */
  private flushed = 0

  constructor(owner: PipelineOwner) {
    this.owner = owner
    this.reader = new ResponseReader({
      expects: () => this.places.length > 0 && this.places[0]!.written > 0 && this.places[0]!.written <= this.flushed,
      take: (read, last) => this.answer(read, last),
    })
    this.socket = connect({
      host: owner.host,
      port: owner.port,
      noDelay: true,
      onread: { buffer: Buffer.allocUnsafe(readBytes), callback: (count, buffer) => this.read(buffer, count) },
    })
    const late = setTimeout(() => this.end('unreachable', `no connection within ${connectMs} ms`), connectMs)
    this.socket.once('close', () => {
      clearTimeout(late)
      this.end('lost', 'the connection was closed')
    })
    this.socket.once('error', (error) => this.end(this.state === 'connecting' ? 'unreachable' : 'lost', error.message))
    this.socket.once('end', () => this.end('lost', 'the connection was ended'))
    this.socket.once('connect', () => {
      clearTimeout(late)
      if (this.state !== 'connecting') return
      this.state = 'open'
      this.since = performance.now()
      this.owner.wrote(this)
    })
  }

  get load(): number {
    return this.places.length
  }

  /** Whether it takes another post of this party now. */
  takes(party: string | undefined): boolean {
    if (this.state === 'closing' || this.state === 'gone') return false
    return this.places.length === 0 || (party !== undefined && party === this.party)
  }

  send(post: Post, receiver: Receiver): Sending {
    const place = new Place(this, post, receiver)
    if (this.places.length === 0) {
      this.party = post.party
      this.since = performance.now()
    }
    this.places.push(place)
    if (this.state === 'open') this.owner.wrote(this)
    return place
  }

  /** Writes what waits to be written, at once. */
  flush(): void {
    if (this.state !== 'open' && this.state !== 'closing') return
    let text = ''
    let next = 0
    for (const place of this.places) {
      if (place.written > 0) {
        next += 1
        continue
      }
      if (!place.receiver) continue
      if (text === '') this.writes += 1
      place.written = this.writes
      text += this.owner.write(place.post)
      this.places[next++] = place
    }
    // Those that were left before they were written never are.
    this.places.length = next
    if (text === '') return
    const write = this.writes
    this.socket.write(text, () => {
      this.flushed = write
    })
  }

  /** Ends it: those that wait are told to go elsewhere. */
  displace(reason: string): void {
    this.end('displaced', reason)
  }

  /** Those behind the first go elsewhere; it alone is waited for, and none joins it. */
  displaceFollowers(): void {
    if (this.state !== 'open' && this.state !== 'closing') return
    this.state = 'closing'
    for (const place of this.places.slice(1)) place.fail(new NoReply('displaced', 'it waited behind a slow answer'))
  }

  close(): void {
    this.end('lost', 'the gateway is closing')
  }

  /** One does not wait any more. Its response comes all the same, and none is put behind it. */
  left(place: Place): void {
    if (this.state === 'connecting' || place.written === 0) return
    this.state = this.state === 'open' ? 'closing' : this.state
    if (!this.places.some(({ receiver }) => receiver)) this.end('cancelled', 'nobody waits for it any more')
  }

  private read(buffer: Uint8Array, count: number): boolean {
    if (this.state === 'gone') return false
    try {
      this.reader.read((buffer as Buffer).subarray(0, count))
    } catch (error) {
      const { message } = error as Error
      this.owner.unusual(message)
      this.end('displaced', message)
    }
    return true
  }

  private answer(read: Read, last: boolean): void {
    const place = this.places.shift()!
    const now = performance.now()
    const milliseconds = now - this.since
    this.since = now
    const { receiver } = place
    place.receiver = undefined
    if (read instanceof NoReply) receiver?.failed(read)
    else receiver?.replied(read)
    if (last) this.end('displaced', 'the subgraph ended its connection')
    else if (this.state === 'closing' && !this.places.some(({ receiver }) => receiver))
      this.end('cancelled', 'it is done')
    this.owner.answered(milliseconds, last, ++this.answers)
  }

  private end(kind: NoReplyKind, reason: string): void {
    if (this.state === 'gone') return
    this.state = 'gone'
    this.reader.stop()
    this.socket.destroy()
    this.owner.gone(this)
    const failure = new NoReply(kind, reason)
    for (const place of this.places.splice(0)) place.fail(failure)
  }
}
