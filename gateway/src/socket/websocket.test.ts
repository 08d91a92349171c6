import { once } from 'node:events'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Caller } from '@fundmesh/platform/identity/caller'
import { httpService } from '@fundmesh/platform/service/http-service'
import type { Service } from '@fundmesh/platform/service/service'
import { createLogger } from '@fundmesh/platform/telemetry/log'
import type { ExecutionResult } from 'graphql'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { WebSocket } from 'ws'
import { unheard } from '../audit/testing.ts'
import { codedError } from '../errors/catalogue.ts'
import type { Answer } from '../http/http.ts'
import { required } from '../identity/enter.ts'
import { outbox } from './outbox.ts'
import { webSockets } from './websocket.ts'

const logged: string[] = []
const log = createLogger('test', 'info', { write: (line) => void logged.push(line) })
const good = { tenant: 'alder', subject: 'a', client: 'test', scopes: new Set<string>() }
const inMs = (ms: number) => new Date(Date.now() + ms)

/** A client that speaks the protocol by hand, and keeps what it hears. */
async function client(
  url: string,
  { protocol = 'graphql-transport-ws', init = true, token = 'good', headers = {} } = {},
) {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, protocol === '' ? [] : [protocol], { headers })
  const heard: { id?: string; type: string; payload?: unknown }[] = []
  const closed = new Promise<{ code: number; reason: string }>((resolve) =>
    socket.once('close', (code, reason) => resolve({ code, reason: String(reason) })),
  )
  socket.on('error', () => {})
  socket.on('message', (data) => heard.push(JSON.parse(String(data))))
  await once(socket, 'open')
  const send = (message: object) => socket.send(JSON.stringify(message))
  if (init) {
    send({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } })
    await expect.poll(() => heard.shift()?.type).toBe('connection_ack')
  }
  return { socket, heard, closed, send }
}

describe('the socket door', () => {
  let service: Service
  let url: string
  let signals: AbortSignal[]
  let callers: Caller[]
  let tokens: Record<string, Caller>
  let drain: () => void

  beforeEach(async () => {
    signals = []
    callers = []
    tokens = {
      good: { ...good, expiresAt: inMs(60_000) },
      renewed: { ...good, scopes: new Set(['more']), expiresAt: inMs(300_000) },
      foreign: { ...good, tenant: 'birch', expiresAt: inMs(300_000) },
    }
    const waiting = outbox<ExecutionResult>(10)
    const draining = new Promise<void>((resolve) => {
      drain = () => {
        waiting.end({ errors: [codedError('GATEWAY_DRAINING')] })
        resolve()
      }
    })
    const answer: Answer = async ({ query }, { caller, onRenewal, signal }) => {
      signals.push(signal)
      callers.push(caller)
      if (query === 'begins late') await sleep(100)
      onRenewal?.((renewed) => callers.push(renewed))
      if (query === 'never')
        return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
      if (query === 'outlasts the drain') await draining.then(() => sleep(100))
      if (query === 'wrong') throw codedError('BAD_USER_INPUT', 'expected a; got b')
      if (query === 'broken') throw new Error('secret')
      if (query === 'breaks later') return breaksLater()
      return query === 'stream' ? follow(signal) : { data: { ok: true } }
    }
    async function* follow(signal: AbortSignal) {
      signal.addEventListener('abort', () => waiting.end())
      for (let item = await waiting.take(); item; item = await waiting.take()) yield item
    }
    async function* breaksLater() {
      yield { data: { ok: true } }
      throw new Error('secret')
    }
    const sockets = webSockets({
      enter: required(async (token) => {
        if (token === 'undecided') throw codedError('SERVICE_UNAVAILABLE')
        if (token === 'ending') tokens.ending = { ...good, expiresAt: inMs(500) }
        const caller = tokens[token]
        if (!caller) throw codedError('UNAUTHENTICATED')
        return caller
      }),
      audit: unheard,
      answer,
      log,
    })
    service = httpService({
      name: 'gateway',
      host: '127.0.0.1',
      port: 0,
      handler: (_, response) => response.end(),
      attach: sockets.attach,
      ready: async () => {},
      onDrain: async () => {
        drain()
        await sockets.close()
      },
      close: async () => {},
      log,
    })
    url = (await service.listen()).url
    logged.length = 0
  })
  afterEach(() => service.drain())

  const subscribe = (id: string, query: string) => ({ id, type: 'subscribe', payload: { query } })

  it('outlives a client that resets a connection which asked for a socket elsewhere', async () => {
    const uncaught: unknown[] = []
    const listener = (error: unknown) => uncaught.push(error)
    process.on('uncaughtException', listener)
    for (let turn = 0; turn < 5; turn++) {
      const raw = connect(Number(new URL(url).port), '127.0.0.1')
      await once(raw, 'connect')
      raw.write('GET /else HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n')
      raw.write('x'.repeat(100_000))
      raw.resetAndDestroy()
      await sleep(20)
    }
    process.off('uncaughtException', listener)
    expect(uncaught).toEqual([])
  })

  it.each<[string, object, (door: Awaited<ReturnType<typeof client>>) => void, number]>([
    ['another protocol', { protocol: '', init: false }, () => {}, 4406],
    ['a subscription before the token', { init: false }, ({ send }) => send(subscribe('1', 'stream')), 4401],
    [
      'a token that is not good',
      { init: false },
      ({ send }) => send({ type: 'connection_init', payload: { authorization: 'Bearer bad' } }),
      4401,
    ],
    [
      'a token that cannot be decided on now',
      { init: false },
      ({ send }) => send({ type: 'connection_init', payload: { authorization: 'Bearer undecided' } }),
      1013,
    ],
    [
      'one token in the header and another in the message',
      { init: false, headers: { authorization: 'Bearer renewed' } },
      ({ send }) => send({ type: 'connection_init', payload: { authorization: 'Bearer good' } }),
      4401,
    ],
    ['what only a server says', {}, ({ send }) => send({ type: 'connection_ack' }), 4500],
    ['no token', { init: false }, ({ send }) => send({ type: 'connection_init' }), 4401],
    [
      'a second token',
      {},
      ({ send }) => send({ type: 'connection_init', payload: { authorization: 'Bearer good' } }),
      4429,
    ],
    [
      'an id that is in use',
      {},
      ({ send }) => {
        send(subscribe('1', 'stream'))
        send(subscribe('1', 'stream'))
      },
      4409,
    ],
    ['what is not a message', {}, ({ socket }) => socket.send('{'), 4400],
    ['a message that is too large', {}, ({ send }) => send(subscribe('1', ' '.repeat(2 ** 20))), 1009],
  ])('closes on %s', async (_, options, act, code) => {
    const door = await client(url, options)
    act(door)
    expect((await door.closed).code).toBe(code)
    expect(door.heard.filter(({ type }) => type === 'next')).toEqual([])
  })

  it.each([
    ['a mistake of the client', 'wrong', 'BAD_USER_INPUT', 'expected a; got b'],
    ['what fails', 'broken', 'INTERNAL_SERVER_ERROR', 'The service failed.'],
    ['a stream that fails', 'breaks later', 'INTERNAL_SERVER_ERROR', 'The service failed.'],
  ])('answers %s with a code and nothing inner', async (_, query, code, message) => {
    const { heard, send } = await client(url)
    send(subscribe('1', query))
    const error = () => heard.find(({ type }) => type === 'error')?.payload
    await expect.poll(error).toEqual([{ message, extensions: { code } }])
  })

  it('takes the token of the header that it came with', async () => {
    const door = await client(url, { init: false, headers: { authorization: 'Bearer good' } })
    door.send({ type: 'connection_init' })
    await expect.poll(() => door.heard.map(({ type }) => type)).toEqual(['connection_ack'])
  })

  it('answers a ping with what it said', async () => {
    const { heard, send } = await client(url)
    send({ type: 'ping' })
    send({ type: 'ping', payload: { at: 1 } })
    await expect.poll(() => heard).toEqual([{ type: 'pong' }, { type: 'pong', payload: { at: 1 } }])
  })

  it('says before it that the token ends, and closes when it has', async () => {
    const { heard, closed } = await client(url, { token: 'ending' })
    await expect
      .poll(() => heard)
      .toEqual([{ type: 'ping', payload: { type: 'token_expiring', expiresAt: tokens.ending!.expiresAt.toJSON() } }])
    const { code, reason } = await closed
    expect([code, reason]).toEqual([4401, 'The token of this stream has expired.'])
    expect(Date.now()).toBeGreaterThanOrEqual(tokens.ending!.expiresAt.getTime())
  })

  it('goes on with a renewed token, for what is open and for what follows', async () => {
    const { heard, send } = await client(url)
    send(subscribe('1', 'stream'))
    await expect.poll(() => callers).toEqual([tokens.good])
    send({ type: 'ping', payload: { authorization: 'Bearer renewed' } })
    await expect
      .poll(() => heard)
      .toEqual([{ type: 'pong', payload: { type: 'token_renewed', expiresAt: tokens.renewed!.expiresAt.toJSON() } }])
    send(subscribe('2', 'query'))
    await expect.poll(() => callers).toEqual([tokens.good, tokens.renewed, tokens.renewed])
  })

  it('tells a stream of the token that came while it was being opened', async () => {
    const { heard, send } = await client(url)
    send(subscribe('1', 'begins late'))
    send({ type: 'ping', payload: { authorization: 'Bearer renewed' } })
    await expect.poll(() => heard.find(({ type }) => type === 'pong')).toBeDefined()
    await expect.poll(() => callers).toEqual([tokens.good, tokens.renewed])
  })

  it.each([
    ['bad', 'UNAUTHENTICATED', 'A valid bearer token is required.'],
    ['undecided', 'SERVICE_UNAVAILABLE', 'The gateway cannot decide now; try again.'],
  ])('goes on with the token that it has when it is offered a %s one', async (token, code, message) => {
    const { heard, send } = await client(url)
    send({ type: 'ping', payload: { authorization: `Bearer ${token}` } })
    await expect.poll(() => heard).toEqual([{ type: 'pong', payload: { type: 'token_refused', code, message } }])
    send(subscribe('1', 'query'))
    await expect.poll(() => callers).toEqual([tokens.good])
  })

  it('renews nothing before it knows whose it is', async () => {
    const { heard, send } = await client(url, { init: false })
    send({ type: 'ping', payload: { authorization: 'Bearer good' } })
    await expect.poll(() => heard[0]?.payload).toMatchObject({ type: 'token_refused', code: 'UNAUTHENTICATED' })
  })

  it('closes on a renewal by the token of somebody else', async () => {
    const { heard, closed, send } = await client(url)
    send(subscribe('1', 'stream'))
    send({ type: 'ping', payload: { authorization: 'Bearer foreign' } })
    expect((await closed).code).toBe(4403)
    expect(heard).toEqual([])
    expect(callers).toEqual([tokens.good])
  })

  it('stops working on a query that the client completes, and says nothing more of it', async () => {
    const { heard, send } = await client(url)
    send(subscribe('1', 'never'))
    await expect.poll(() => signals.length).toBe(1)
    send({ id: '1', type: 'complete' })
    await expect.poll(() => signals[0]?.aborted).toBe(true)
    send(subscribe('1', 'query'))
    await expect
      .poll(() => heard)
      .toEqual([
        { id: '1', type: 'next', payload: { data: { ok: true } } },
        { id: '1', type: 'complete' },
      ])
    expect(logged).toEqual([])
  })

  it('logs what is wrong with a frame, and leaves the console alone', async () => {
    const spy = vi.spyOn(console, 'error')
    const { closed, send } = await client(url)
    send(subscribe('1', ' '.repeat(2 ** 20)))
    expect((await closed).code).toBe(1009)
    expect(logged.join()).toContain('Max payload size exceeded')
    expect(spy).not.toHaveBeenCalled()
    spy.mockRestore()
  })

  it('stops working on what a closed socket asked for', async () => {
    const { socket, send } = await client(url)
    send(subscribe('1', 'outlasts the drain'))
    send(subscribe('2', 'stream'))
    await expect.poll(() => signals.length).toBe(2)
    socket.terminate()
    await expect.poll(() => signals.map((signal) => signal.aborted)).toEqual([true, true])
  })

  it('stops a stream that the client completes', async () => {
    const { send } = await client(url)
    send(subscribe('1', 'stream'))
    await expect.poll(() => signals.length).toBe(1)
    send({ id: '1', type: 'complete' })
    await expect.poll(() => signals[0]?.aborted).toBe(true)
  })

  it('says goodbye to each stream, finishes a query, and then closes with 1001', async () => {
    const { heard, closed, send } = await client(url)
    send(subscribe('1', 'stream'))
    send(subscribe('2', 'outlasts the drain'))
    await expect.poll(() => signals.length).toBe(2)
    await service.drain()
    expect((await closed).code).toBe(1001)
    expect(heard).toEqual([
      {
        id: '1',
        type: 'next',
        payload: { errors: [expect.objectContaining({ extensions: { code: 'GATEWAY_DRAINING' } })] },
      },
      { id: '1', type: 'complete' },
      { id: '2', type: 'next', payload: { data: { ok: true } } },
      { id: '2', type: 'complete' },
    ])
  })

  it('does not wait for a client that never answers the closing', async () => {
    const { socket, closed } = await client(url)
    socket.pause()
    await Promise.race([service.drain(), sleep(60_000).then(() => Promise.reject(new Error('still draining')))])
    socket.resume()
    await closed
  })
})
