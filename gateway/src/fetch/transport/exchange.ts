/**
 * What stands between a question and the wire: one POST, one reply. Each file `with-….ts` wraps an exchange in another
 * and adds one concern; open-subgraphs.ts says in which order.
 */

/** One POST of JSON to a subgraph. */
export interface Post {
  readonly body: string
  /** Undefined: the header is left out. */
  readonly passport: string | undefined
  /** Only reads: it may be sent a second time. */
  readonly repeatable: boolean
  /** Posts of different parties never share a pipeline; undefined: this one shares none. */
  readonly party: string | undefined
}

/** What came back, whole and within the bound; not looked at otherwise. */
export interface Reply {
  readonly status: number
  readonly text: string
  /** The text's value; undefined where it is no JSON. */
  readonly json: unknown
}

/**
 * Who waits for a reply. It is told once, and never before `send` has returned. Not a promise: of those, the layers
 * between a question and the wire would make a dozen for each fetch, which cost more than the wire.
 */
export interface Receiver {
  replied(reply: Reply): void
  failed(reason: NoReply): void
}

/** A post under way. */
export interface Sending {
  /** Nobody waits any more: the receiver is told the reason, at once. Without effect once it was told something. */
  cancel(reason: NoReply): void
}

export interface Exchange {
  send(post: Post, receiver: Receiver): Sending
  /** Lets go of every connection; what is under way fails. */
  close(): Promise<void>
}

/**
 * Why there is no reply.
 *
 * - `timeout`: not within its time
 * - `cancelled`: nobody waits for it any more
 * - `unreachable`: no connection could be made
 * - `lost`: the connection ended before the reply did; it may have been read
 * - `displaced`: we ended its place on a connection, for what others did there; it may have been read
 * - `unusable`: bytes that are no reply, or more of them than is read
 * - `refused`: not sent, as too much waits already or the circuit is open
 */
export type NoReplyKind = 'timeout' | 'cancelled' | 'unreachable' | 'lost' | 'displaced' | 'unusable' | 'refused'

export class NoReply extends Error {
  readonly kind: NoReplyKind
  constructor(kind: NoReplyKind, reason: string) {
    super(reason)
    this.name = 'NoReply'
    this.kind = kind
  }
}

/** Bytes of a reply's body at the most. */
export const maxReplyBytes = 32 * 1024 * 1024

export const tooLarge = () => new NoReply('unusable', `expected ${maxReplyBytes} bytes at the most; got more`)

/** We say that we take none; a body that was encoded all the same is not decoded, so that a bomb stays what it is. */
export const encoded = (encoding: string) =>
  new NoReply('unusable', `expected no content-encoding; got ${encoding.slice(0, 20)}`)

export function replyOf(status: number, text: string): Reply {
  return { status, text, json: parsed(text) }
}

export function parsed(text: string): unknown {
  try {
    // RFC 8259, section 8.1: a mark that should not be there may be passed over.
    return JSON.parse(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text)
  } catch {
    return undefined
  }
}
