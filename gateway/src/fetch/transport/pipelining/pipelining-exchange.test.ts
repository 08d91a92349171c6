import type { Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { createLogger } from '@fundmesh/platform/telemetry/log'
import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import { type Exchange, NoReply, type Post } from '../exchange.ts'
import { chunked, type Heard, type RawServer, rawServer, requestsOf, response, sent } from '../testing.ts'
import { undiciExchange } from '../undici-exchange.ts'
import { withDeadline } from '../with-deadline.ts'
import { withRetry } from '../with-retry.ts'
import { pipeliningExchange } from './pipelining-exchange.ts'

const opened: { exchange: Exchange; server: RawServer }[] = []
afterEach(async () => {
  for (const { exchange, server } of opened.splice(0)) {
    await exchange.close()
    await server.close()
  }
})

/** Says which request it answers. */
const echo = ({ body }: Heard) => response(JSON.stringify({ data: JSON.parse(body) }))
const post = (id: string | number, more: Partial<Post> = {}): Post => ({
  body: JSON.stringify({ id }),
  passport: undefined,
  repeatable: true,
  party: '',
  ...more,
})
const answerTo = (id: string | number) => ({ status: 200, json: { data: { id } } })

/** A connection as the server has it: what was asked on it, in order. */
interface Line {
  readonly socket: Socket
  readonly heard: Heard[]
}

/**
 * Over a server that answers with `behave`, which undefined leaves unanswered; the first post, which shows that the server keeps
 * connections, is answered as it should be.
 */
async function pipelined(
  behave: (request: Heard, line: Line) => string | undefined,
  { lateMs = 60_000, timeoutMs = 60_000 } = {},
) {
  const lines: Line[] = []
  let first = true
  const server = await rawServer((socket) => {
    const line: Line = { socket, heard: [] }
    lines.push(line)
    requestsOf(socket, (request) => {
      line.heard.push(request)
      const said = first ? echo(request) : behave(request, line)
      first = false
      if (said !== undefined && !socket.destroyed) socket.write(said)
    })
  })
  const sentElsewhere: Post[] = []
  const records: string[] = []
  const other = undiciExchange(server.url)
  const counted: Exchange = {
    send(one, receiver) {
      sentElsewhere.push(one)
      return other.send(one, receiver)
    },
    close: () => other.close(),
  }
  const log = createLogger('test', 'info', { write: (line) => void records.push(line) })
  const exchange = pipeliningExchange({ name: 'fund', url: server.url, elsewhere: counted, log, lateMs })
  const repeating = withDeadline(withRetry(exchange, counted, { earn() {}, take: () => true }), timeoutMs)
  opened.push({ exchange, server })
  await sent(exchange, post('warm')).reply
  return {
    lines,
    server,
    sentElsewhere,
    records,
    send: (one: Post) => sent(exchange, one),
    ask: (one: Post) => sent(repeating, one).reply,
  }
}

/** Six connections are opened before any is shared: so many posts fill them. */
const connections = 6
const ids = (count: number) => Array.from({ length: count }, (_, index) => index)

describe('posts on a pipeline', () => {
  it('share few connections, and each has its own reply', async () => {
    const { ask, server, sentElsewhere } = await pipelined(echo)
    const replies = await Promise.all(ids(40).map((id) => ask(post(id))))
    expect(replies).toMatchObject(ids(40).map(answerTo))
    // Where the machine is so slow that answers are late, some go elsewhere.
    expect(server.connections()).toBeLessThanOrEqual(connections + sentElsewhere.length)
  })

  it('carry their seal, and what could end its line is not written', async () => {
    const { ask, lines, sentElsewhere } = await pipelined(echo)
    await ask(post(1, { passport: 'a.b-c_d' }))
    expect(lines[0]!.heard.at(-1)!.head).toContain('x-fundmesh-passport: a.b-c_d')
    await expect(ask(post(2, { passport: 'a\r\nx: y' }))).rejects.toBeInstanceOf(NoReply)
    expect(sentElsewhere).toHaveLength(1)
  })

  it('are written in any characters', async () => {
    const { ask } = await pipelined((heard) => echo({ ...heard, body: Buffer.from(heard.body, 'latin1').toString() }))
    const texts = ['ü', '日本', '🏦', 'a']
    expect(await Promise.all(texts.map((id) => ask(post(id))))).toMatchObject(texts.map(answerTo))
  })

  it.each<[string, Partial<Post>]>([
    ['change something', { repeatable: false }],
    ['are large', { body: JSON.stringify({ id: 'x'.repeat(20_000) }) }],
  ])('are not those that %s', async (_, more) => {
    const { ask, sentElsewhere } = await pipelined(echo)
    await ask(post(1, more))
    expect(sentElsewhere).toHaveLength(1)
  })

  it('never wait behind those of another party', async () => {
    const { send, lines } = await pipelined(() => undefined)
    for (const id of ids(connections)) send(post(id, { party: 'alder' })).reply.catch(() => {})
    for (const id of ids(3)) send(post(id, { party: 'birch' })).reply.catch(() => {})
    for (const id of ids(3)) send(post(id, { party: undefined })).reply.catch(() => {})
    const heard = () => lines.reduce((sum, line) => sum + line.heard.length, 0)
    while (heard() < 1 + connections + 6) await sleep(1)
    expect(lines).toHaveLength(connections + 6)
  })
})

/** Sends so many that each connection has three of them waiting, of which `behave` has the first, second and third. */
const three = 3 * connections

describe('a pipeline whose subgraph', () => {
  it.each<[string, (request: Heard) => string]>([
    ['says more than was asked', (request) => `${echo(request)}  `],
    ['answers in HTTP/1.0', (request) => echo(request).replace('1.1', '1.0')],
    ['closes after each answer', (request) => echo(request).replace('\r\n', '\r\nconnection: close\r\n')],
    ['says to go on first', (request) => `HTTP/1.1 100 Continue\r\n\r\n${echo(request)}`],
    ['folds its headers', (request) => echo(request).replace('\r\n', '\r\nx: a\r\n b\r\n')],
    ['has trailers', ({ body }) => chunked(`{"data":${body}}`).replace(/0\r\n\r\n$/, '0\r\nx: y\r\n\r\n')],
    [
      'says a length twice',
      (request) => echo(request).replace('content-length', 'content-length: 5\r\ncontent-length'),
    ],
  ])('%s is asked one by one, and each has its own reply', async (_, behave) => {
    const { ask, sentElsewhere, records } = await pipelined(behave)
    const replies = await Promise.all(ids(three).map((id) => ask(post(id)).catch((error) => error)))
    for (const [id, reply] of replies.entries())
      if (!(reply instanceof NoReply)) expect(reply).toMatchObject(answerTo(id))
    expect(sentElsewhere.length).toBeGreaterThan(0)
    expect(records.filter((line) => line.includes('pipelining is suspended')).length).toBeGreaterThan(0)
    // From now on nothing is tried.
    const before = sentElsewhere.length
    await ask(post('next')).catch(() => {})
    expect(sentElsewhere.length).toBeGreaterThan(before)
  })

  it('says a length that is too small gives none of it to another', async () => {
    const { ask } = await pipelined((request, { heard }) =>
      heard.length === 1 && request.body !== '{"id":"fine"}'
        ? echo(request).replace(/content-length: \d+/, 'content-length: 5')
        : echo(request),
    )
    const replies = await Promise.all(ids(three).map((id) => ask(post(id)).catch((error) => error)))
    for (const [id, reply] of replies.entries()) if (reply.json !== undefined) expect(reply).toMatchObject(answerTo(id))
  })

  it('does not answer the second of three keeps nobody waiting behind it', async () => {
    const { ask } = await pipelined(
      (request, { heard }) => (heard.some(({ body }) => body.includes('never')) ? undefined : echo(request)),
      { lateMs: 50 },
    )
    const before = Promise.all(ids(connections).map((id) => ask(post(id))))
    ask(post('never')).catch(() => {})
    const behind = Promise.all(ids(three).map((id) => ask(post(id))))
    expect(await before).toMatchObject(ids(connections).map(answerTo))
    expect(await behind).toMatchObject(ids(three).map(answerTo))
  })

  it('resets its connection in the middle of an answer is asked again, each for its own', async () => {
    let resets = 0
    const { ask } = await pipelined((request, { socket, heard }) => {
      if (heard.length < 2 || resets >= 3) return echo(request)
      resets += 1
      socket.write(echo(request).slice(0, -5), () => socket.resetAndDestroy())
      return undefined
    })
    const replies = await Promise.all(ids(three).map((id) => ask(post(id))))
    expect(replies).toMatchObject(ids(three).map(answerTo))
  })

  it('is left by one who waits gives the others their own replies', async () => {
    const held: (() => void)[] = []
    const { send, records } = await pipelined((request, { socket }) => {
      held.push(() => socket.write(echo(request)))
      return undefined
    })
    const sendings = ids(three).map((id) => send(post(id)))
    while (held.length < three) await sleep(1)
    const left = new NoReply('cancelled', 'left')
    const replies = Promise.allSettled(sendings.map(({ reply }) => reply))
    for (const id of [0, 7, 8]) sendings[id]!.cancel(left)
    for (const answer of held) answer()
    for (const [id, reply] of (await replies).entries())
      expect(reply).toMatchObject([0, 7, 8].includes(id) ? { reason: left } : { value: answerTo(id) })
    expect(records).toEqual([])
  })

  it('is left by all lets go of the connection', async () => {
    const { send, lines, server } = await pipelined(() => undefined)
    const sendings = ids(three).map((id) => send(post(id)))
    for (const { reply } of sendings) reply.catch(() => {})
    while (lines.reduce((sum, { heard }) => sum + heard.length, 0) < three + 1) await sleep(1)
    for (const sending of sendings) sending.cancel(new NoReply('cancelled', 'left'))
    while (server.sockets.size > 0) await sleep(1)
  })

  it('cannot be reached says so to each', async () => {
    const { server } = await pipelined(echo)
    await opened[0]!.exchange.close()
    await server.close()
    opened.length = 0
    const log = createLogger('test', 'silent')
    const exchange = pipeliningExchange({ name: 'fund', url: server.url, elsewhere: undiciExchange(server.url), log })
    const failed = await Promise.all(ids(20).map((id) => sent(exchange, post(id)).reply.catch((error) => error)))
    expect(new Set(failed.map(({ kind }) => kind))).toEqual(new Set(['unreachable']))
    await exchange.close()
  })
})

describe('whatever a subgraph says', () => {
  /** What a server may do instead of answering as it should. */
  const faults: Readonly<Record<string, (request: Heard, socket: Socket) => string | undefined>> = {
    reset: (_, socket) => void socket.resetAndDestroy(),
    end: (_, socket) => void socket.end(),
    half: (request, socket) => void socket.end(echo(request).slice(0, 70)),
    more: (request) => `${echo(request)}x`,
    moreHead: (request) => `${echo(request)}HTTP/1.1 200 OK\r\n`,
    tooLong: (request) =>
      echo(request).replace(/content-length: (\d+)/, (_, length) => `content-length: ${+length + 9}`),
    tooShort: (request) =>
      echo(request).replace(/content-length: (\d+)/, (_, length) => `content-length: ${+length - 3}`),
    goOn: (request) => `HTTP/1.1 100 Continue\r\n\r\n${echo(request)}`,
    none: () => 'HTTP/1.1 204 No Content\r\n\r\n',
    old: (request) => echo(request).replace('1.1', '1.0'),
    close: (request, socket) => void socket.end(echo(request).replace('\r\n', '\r\nconnection: close\r\n')),
    html: () => response('<html>'),
    failing: () => response('down', 503),
    twoLengths: (request) => echo(request).replace('\r\n', '\r\ncontent-length: 3\r\n'),
    both: (request) => echo(request).replace('\r\n', '\r\ntransfer-encoding: chunked\r\n'),
    huge: () => `HTTP/1.1 200 OK\r\nx: ${'y'.repeat(20_000)}`,
  }
  const aFault = fc.constantFrom(...Object.keys(faults))

  it('no reply is given to another post', async () => {
    await fc.assert(
      fc.asyncProperty(
        // At which requests which fault; how the bytes of the others are cut.
        fc.dictionary(fc.nat({ max: 60 }).map(String), aFault, { maxKeys: 3 }),
        fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 5 }),
        async (planned, sizes) => {
          let requests = 0
          const { ask } = await pipelined(
            (request, { socket }) => {
              const fault = planned[String(requests++)]
              const said = fault === undefined ? echo(request) : faults[fault]!(request, socket)
              if (said === undefined) return undefined
              // In pieces, each by itself.
              let at = 0
              for (let piece = 0; at < said.length && !socket.destroyed; piece++) {
                const size = sizes[piece % sizes.length]!
                socket.write(said.slice(at, at + size))
                at += size
              }
              return undefined
            },
            { timeoutMs: 200 },
          )
          const replies = await Promise.all(ids(40).map((id) => ask(post(id)).catch((error) => error)))
          for (const [id, reply] of replies.entries()) {
            if (reply instanceof NoReply) continue
            if (reply.status === 200 && reply.json !== undefined) expect(reply).toMatchObject(answerTo(id))
          }
          const { exchange, server } = opened.pop()!
          await exchange.close()
          await server.close()
        },
      ),
      { numRuns: 40 },
    )
  })
})
