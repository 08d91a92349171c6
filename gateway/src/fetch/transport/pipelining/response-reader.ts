/**
 * Reads HTTP/1.1 responses (RFC 9112) from the bytes of one connection, however they are cut, and only in their plainest
 * form. Where one response ends another begins, which is another's: so whatever is unusual, though it might be legal, and
 * whatever leaves a doubt about a length, is Unusual, and nothing more is read from this connection.
 *
 *   head ──▶ body ─────────────────────────▶ head
 *     └────▶ chunk-size ─▶ chunk ─▶ chunk-end ┘
 *                 └─ 0 ─▶ end ──▶ head
 */
import { encoded, maxReplyBytes, NoReply, type Reply, replyOf, tooLarge } from '../exchange.ts'

/** The connection cannot be read any further. The message says nothing of its bytes. */
export class Unusual extends Error {}

/** A response's content, or why it is none. */
export type Read = Reply | NoReply

export interface ResponseTaker {
  /** Whether a response may come now. */
  expects(): boolean
  /** `last`: nothing after it is to be believed. */
  take(read: Read, last: boolean): void
}

type State = 'head' | 'body' | 'chunk-size' | 'chunk' | 'chunk-end' | 'end' | 'over'

const maxHeadBytes = 16 * 1024
/** Digits of a chunk's size: more than any body may have. */
const maxSizeDigits = 8
const headEnd = Buffer.from('\r\n\r\n')
const lineEnd = Buffer.from('\r\n')
const begins = 'HTTP/1.1 '
const nothing = Buffer.alloc(0)

export class ResponseReader {
  private readonly taker: ResponseTaker
  private state: State = 'head'
  /** Bytes of a head, or of a line, whose end has not come yet. */
  private rest: Buffer = nothing
  private status = 0
  private last = false
  /** Why the body is not to be had, which is read to its end all the same. */
  private failure: NoReply | undefined
  /** Bytes of the body, or of the chunk, that are yet to come. */
  private awaited = 0
  /** What came of a body that came in pieces; the bytes that are read are overwritten by those that come next. */
  private body: Buffer = nothing
  private length = 0

  constructor(taker: ResponseTaker) {
    this.taker = taker
  }

  /** Reads no more, also of what it is reading. */
  stop(): void {
    this.state = 'over'
  }

  /** Takes the next bytes, which are the reader's only until it returns. Throws Unusual. */
  read(arrived: Buffer): void {
    let bytes = arrived
    if (this.rest.length > 0) {
      bytes = Buffer.concat([this.rest, arrived])
      this.rest = nothing
    }
    let at = 0
    while (at < bytes.length && this.state !== 'over') {
      const next = this.step(bytes, at)
      if (next < 0) {
        this.rest = Buffer.from(bytes.subarray(at))
        return
      }
      at = next
    }
  }

  /** Reads one thing that begins at `at`: where it ends, or -1 while its end has not come. */
  private step(bytes: Buffer, at: number): number {
    switch (this.state) {
      case 'head':
        return this.readHead(bytes, at)
      case 'body':
        return this.readBody(bytes, at)
      case 'chunk-size':
        return this.readChunkSize(bytes, at)
      case 'chunk': {
        const end = this.gather(bytes, at)
        if (this.awaited === 0) this.state = 'chunk-end'
        return end
      }
      case 'chunk-end':
        return this.readLineEnd(bytes, at, () => {
          this.state = 'chunk-size'
        })
      case 'end':
        // What stands here otherwise is a trailer.
        return this.readLineEnd(bytes, at, () => this.finish(this.body.toString('utf8', 0, this.length)))
      case 'over':
        return bytes.length
    }
  }

  private readHead(bytes: Buffer, at: number): number {
    if (!this.taker.expects()) throw new Unusual('bytes that nobody asked for')
    const end = bytes.indexOf(headEnd, at)
    const size = (end < 0 ? bytes.length : end) - at
    if (size > maxHeadBytes) throw new Unusual('a head that is too large')
    const head = bytes.toString('latin1', at, at + size)
    if (end < 0) {
      if (!(head.length < begins.length ? begins.startsWith(head) : head.startsWith(begins)) || /[^\r]\n/.test(head))
        throw new Unusual('no HTTP/1.1')
      return -1
    }

    const { status, length, last, encoding } = parseHead(head)
    this.status = status
    this.last = last
    this.failure = encoding === undefined ? undefined : encoded(encoding)
    this.length = 0
    this.state = length === undefined ? 'chunk-size' : 'body'
    if (length !== undefined) {
      if (length > maxReplyBytes) return this.giveUp(bytes)
      this.awaited = length
      if (length === 0) this.finish('')
    }
    return end + headEnd.length
  }

  private readBody(bytes: Buffer, at: number): number {
    const whole = this.length === 0 && this.awaited <= bytes.length - at
    if (whole) {
      const end = at + this.awaited
      this.finish(bytes.toString('utf8', at, end))
      return end
    }
    const end = this.gather(bytes, at)
    if (this.awaited === 0) this.finish(this.body.toString('utf8', 0, this.length))
    return end
  }

  private readChunkSize(bytes: Buffer, at: number): number {
    const end = bytes.indexOf(lineEnd, at)
    const line = bytes.toString('latin1', at, end < 0 ? Math.min(bytes.length, at + maxSizeDigits + 2) : end)
    // A chunk's extension is unusual, too.
    if (!(end < 0 ? /^[\da-f]{0,8}\r?$/i : /^[\da-f]{1,8}$/i).test(line)) throw new Unusual('no size of a chunk')
    if (end < 0) return -1
    this.awaited = Number.parseInt(line, 16)
    if (this.length + this.awaited > maxReplyBytes) return this.giveUp(bytes)
    this.state = this.awaited === 0 ? 'end' : 'chunk'
    return end + lineEnd.length
  }

  private readLineEnd(bytes: Buffer, at: number, read: () => void): number {
    if (bytes[at] !== 0x0d || (at + 1 < bytes.length && bytes[at + 1] !== 0x0a)) throw new Unusual('no end of a line')
    if (at + 1 === bytes.length) return -1
    read()
    return at + lineEnd.length
  }

  /** Keeps what there is of what is awaited. What is not to be had is not kept. */
  private gather(bytes: Buffer, at: number): number {
    const count = Math.min(this.awaited, bytes.length - at)
    if (this.length + count > this.body.length) {
      // Grows with what came, not with what was said to come.
      const larger = Buffer.allocUnsafe(Math.max(this.length + count, 2 * this.body.length, 64 * 1024))
      this.body.copy(larger, 0, 0, this.length)
      this.body = larger
    }
    bytes.copy(this.body, this.length, at, at + count)
    this.length += count
    this.awaited -= count
    return at + count
  }

  /** Too large: the rest would have to be read and thrown away, so the connection is done. */
  private giveUp(bytes: Buffer): number {
    this.state = 'over'
    this.body = nothing
    this.taker.take(tooLarge(), true)
    return bytes.length
  }

  private finish(text: string): void {
    const { failure, status, last } = this
    this.body = nothing
    this.length = 0
    // Of a length that is wrong, text that is no JSON is the sign: the next response may begin elsewhere.
    const read = failure ?? replyOf(status, text)
    const doubtful = read instanceof NoReply || read.json === undefined
    this.state = last || doubtful ? 'over' : 'head'
    this.taker.take(read, this.state === 'over')
  }
}

interface Head {
  readonly status: number
  /** Undefined: it comes in chunks. */
  readonly length: number | undefined
  readonly last: boolean
  readonly encoding: string | undefined
}

const statusLine = /^HTTP\/1\.1 ([2-5]\d\d)(?: [\t\x20-\x7e\x80-\xff]*)?$/
/** RFC 9110, section 5. A line that goes on with the one before (obs-fold) begins with a space, and is none. */
const fieldLine = /^([!#$%&'*+\-.^_`|~\dA-Za-z]+):([\t\x20-\x7e\x80-\xff]*)$/
const lengthValue = /^[\t ]*(\d{1,15})[\t ]*$/
const chunkedValue = /^[\t ]*chunked[\t ]*$/i
const keepAliveValue = /^[\t ]*keep-alive[\t ]*$/i
const identityValue = /^[\t ]*identity[\t ]*$/i

function parseHead(head: string): Head {
  const lines = head.split('\r\n')
  const status = Number(statusLine.exec(lines[0]!)?.[1])
  // Also one with 1xx, which is not the answer yet.
  if (Number.isNaN(status)) throw new Unusual('no HTTP/1.1 response')
  let length: number | undefined
  let chunked = false
  let last = false
  let encoding: string | undefined
  for (let index = 1; index < lines.length; index++) {
    const field = fieldLine.exec(lines[index]!)
    if (!field) throw new Unusual('no header field')
    const value = field[2]!
    switch (field[1]!.toLowerCase()) {
      case 'content-length': {
        const digits = lengthValue.exec(value)?.[1]
        if (length !== undefined || digits === undefined) throw new Unusual('no content-length')
        length = Number(digits)
        break
      }
      case 'transfer-encoding':
        if (chunked || !chunkedValue.test(value)) throw new Unusual('a transfer-encoding')
        chunked = true
        break
      case 'connection':
        if (!keepAliveValue.test(value)) last = true
        break
      case 'content-encoding':
        if (!identityValue.test(value)) encoding = value.trim()
        break
      case 'upgrade':
      case 'trailer':
        throw new Unusual('an upgrade or trailers')
    }
  }
  // RFC 9112, section 6.3: with both, or neither, is how responses are smuggled.
  if (chunked === (length !== undefined)) throw new Unusual('no length, or two')
  // They have no body, whatever they say.
  if (status === 204 || status === 205 || status === 304) throw new Unusual('a response without a body')
  return { status, length, last, encoding }
}
