import { PASSPORT_HEADER } from '@fundmesh/platform/identity/passport'
import { type Dispatcher, Pool } from 'undici'
import {
  type Exchange,
  encoded,
  maxReplyBytes,
  NoReply,
  type Receiver,
  replyOf,
  type Sending,
  tooLarge,
} from './exchange.ts'

const connectMs = 2_000

/** Connections to one subgraph at the most. */
export const maxConnections = 64

const fixedHeaders = [
  'content-type',
  'application/json',
  'accept',
  'application/json',
  'accept-encoding',
  'identity',
] as const

/**
 * An exchange over undici's `dispatch`, one post at a time on each connection. Redirects are not followed. It has no
 * time limits of its own but for connecting: they would be for a part of a reply, and a drop in time meets them all.
 */
export function undiciExchange(url: string): Exchange {
  const { origin, pathname, search } = new URL(url)
  const pool = new Pool(origin, {
    connections: maxConnections,
    pipelining: 1,
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: { timeout: connectMs },
  })
  const path = pathname + search

  return {
    send(post, receiver) {
      const gathering = new Gathering(receiver)
      const headers =
        post.passport === undefined ? [...fixedHeaders] : [...fixedHeaders, PASSPORT_HEADER, post.passport]
      pool.dispatch({ method: 'POST', path, headers, body: post.body }, gathering)
      return gathering
    },
    close: () => pool.destroy(),
  }
}

/** Gathers a reply's bytes, and decodes them once. */
class Gathering implements Dispatcher.DispatchHandler, Sending {
  private receiver: Receiver | undefined
  private controller: Dispatcher.DispatchController | undefined
  private given: NoReply | undefined
  private status = 0
  private size = 0
  private readonly chunks: Buffer[] = []

  constructor(receiver: Receiver) {
    this.receiver = receiver
  }

  cancel(reason: NoReply): void {
    this.given = reason
    this.fail(reason)
    this.controller?.abort(reason)
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.controller = controller
    if (this.given) controller.abort(this.given)
  }

  onResponseStart(_: unknown, status: number, headers: Record<string, string | string[] | undefined>): void {
    this.status = status
    const encoding = headers['content-encoding']
    if (encoding !== undefined && encoding !== 'identity') this.cancel(encoded(String(encoding)))
    else if (Number(headers['content-length']) > maxReplyBytes) this.cancel(tooLarge())
  }

  onResponseData(_: unknown, chunk: Buffer): void {
    this.size += chunk.length
    if (this.size > maxReplyBytes) this.cancel(tooLarge())
    else this.chunks.push(chunk)
  }

  onResponseEnd(): void {
    const { receiver, chunks } = this
    this.receiver = undefined
    const bytes = chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, this.size)
    receiver?.replied(replyOf(this.status, bytes.toString()))
  }

  onResponseError(_: unknown, error: Error & { code?: string }): void {
    // What cannot be dispatched fails before it was.
    queueMicrotask(() => this.fail(new NoReply(kindOf(error), error.message)))
  }

  private fail(reason: NoReply): void {
    const { receiver } = this
    this.receiver = undefined
    receiver?.failed(reason)
  }
}

const unreachable = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'])

function kindOf({ name, code = '' }: { name: string; code?: string }): NoReply['kind'] {
  if (name === 'HTTPParserError' || code === 'UND_ERR_HEADERS_OVERFLOW' || code === 'UND_ERR_INVALID_ARG')
    return 'unusable'
  return code === 'UND_ERR_CONNECT_TIMEOUT' || unreachable.has(code) ? 'unreachable' : 'lost'
}
