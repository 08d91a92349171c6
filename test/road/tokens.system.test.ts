/** Tokens through the whole graph: the provider's keys change, the provider goes away, tokens end and are renewed. */
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { type TestMesh, testMesh } from '../mesh.ts'
import { socketUrl } from '../streams.ts'

const refreshSeconds = 1
const maxStaleSeconds = 10
/** Of tokens whose end is waited for: enough for a busy machine to open a stream by one. */
const lifetimeSeconds = 8
/** The gateway's time for a socket's first message. */
const initMs = 5_000

const me = '{ me { id } }'
const navs = 'subscription { navUpdates { ... on NavTick { shareClassId sequence } } }'

describe('tokens', () => {
  let mesh: TestMesh
  /** Stands before the provider's keys, to count who asks for them, and to be away. */
  let door: Server
  let keysAsked = 0
  let away = false

  beforeAll(async () => {
    door = createServer(async (_request, response) => {
      keysAsked++
      if (away) return void response.destroy()
      response.end(await (await fetch(`${mesh.urls.identity}/jwks`)).text())
    }).listen(0, '127.0.0.1')
    await once(door, 'listening')
    mesh = await testMesh({
      marketDayMs: 200,
      env: {
        gateway: {
          JWKS_URL: `http://127.0.0.1:${(door.address() as AddressInfo).port}/`,
          JWKS_REFRESH_SECONDS: String(refreshSeconds),
          JWKS_MAX_STALE_SECONDS: String(maxStaleSeconds),
        },
      },
    })
  })
  afterAll(async () => {
    await mesh?.close()
    door.close()
  })

  const ask = async (token: string, query = me) => {
    const response = await fetch(`${mesh.urls.gateway}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ query }),
    })
    const { data, errors } = await response.json()
    return errors ? errors[0].extensions.code : Object.keys(data)[0]
  }

  interface Message {
    readonly id?: string
    readonly type: string
    // biome-ignore lint/suspicious/noExplicitAny: what it says is the test's own business
    readonly payload?: any
  }

  /** A client that speaks graphql-transport-ws by hand, as nothing but the tokens is of interest. */
  async function socket(token: string) {
    const ws = new WebSocket(socketUrl(mesh), 'graphql-transport-ws')
    const heard: Message[] = []
    ws.on('message', (data) => heard.push(JSON.parse(String(data))))
    const closed = new Promise<{ code: number; at: number }>((resolve) =>
      ws.once('close', (code) => resolve({ code, at: Date.now() })),
    )
    await once(ws, 'open')
    const send = (message: object) => ws.send(JSON.stringify(message))
    send({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } })
    await expect.poll(() => heard[0]?.type).toBe('connection_ack')
    return { heard, closed, send, close: () => ws.close() }
  }
  const expiryOf = (token: string) => JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString()).exp * 1000
  const codesOf = (heard: readonly Message[]) =>
    heard.flatMap(({ payload }) =>
      (payload?.errors ?? []).map((error: { extensions: { code: string } }) => error.extensions.code),
    )
  const updates = (heard: readonly Message[]) =>
    heard.filter(({ type, payload }) => type === 'next' && payload.data).length

  it('signed with a new key are good at once, and with a key taken back no more', async () => {
    const before = await mesh.token('alder')
    expect(await ask(before)).toBe('me')
    await sleep(refreshSeconds * 1000)
    await mesh.identity.rotateKeys()
    const after = await mesh.token('alder')
    expect(await ask(after)).toBe('me')
    expect(await ask(before)).toBe('me')
    await mesh.identity.withdrawOldKeys()
    await sleep(refreshSeconds * 1000)
    expect(await ask(before)).toBe('UNAUTHENTICATED')
    expect(await ask(after)).toBe('me')
  })

  it('with keys that nobody published do not hammer the provider', async () => {
    const [, claims, signature] = (await mesh.token('alder')).split('.')
    const asked = keysAsked
    const began = Date.now()
    const outcomes = await Promise.all(
      Array.from({ length: 200 }, (_, index) => {
        const header = Buffer.from(JSON.stringify({ alg: 'ES256', kid: `random-${index}` })).toString('base64url')
        return ask([header, claims, signature].join('.'))
      }),
    )
    expect(new Set(outcomes)).toEqual(new Set(['UNAUTHENTICATED']))
    // One for the unknown keys, and those that fall due by age meanwhile.
    const due = 1 + Math.floor((Date.now() - began) / (refreshSeconds * 1000))
    expect(keysAsked - asked).toBeLessThanOrEqual(1 + due)
  })

  it('of known keys go on for a while without the provider; then nothing is decided, until it is back', async () => {
    const token = await mesh.token('alder')
    await sleep(refreshSeconds * 1000)
    expect(await ask(token)).toBe('me')
    away = true
    await sleep(refreshSeconds * 1000)
    expect(await ask(token)).toBe('me')
    await sleep((maxStaleSeconds - refreshSeconds) * 1000)
    expect(await ask(token)).toBe('SERVICE_UNAVAILABLE')
    const ws = new WebSocket(socketUrl(mesh), 'graphql-transport-ws')
    await once(ws, 'open')
    ws.send(JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } }))
    expect((await once(ws, 'close'))[0]).toBe(1013)
    away = false
    await expect.poll(() => ask(token)).toBe('me')
  })

  it('are announced to end, and end the stream and its socket', async () => {
    const token = await mesh.token('alder', undefined, lifetimeSeconds)
    const { heard, closed, send } = await socket(token)
    send({ id: '1', type: 'subscribe', payload: { query: navs } })
    const { code, at } = await closed
    expect(code).toBe(4401)
    expect(at - expiryOf(token)).toBeGreaterThanOrEqual(0)
    const expiresAt = new Date(expiryOf(token)).toISOString()
    expect(heard).toContainEqual({ type: 'ping', payload: { type: 'token_expiring', expiresAt } })
    expect(updates(heard)).toBeGreaterThan(0)
    expect(heard.slice(-2)).toEqual([
      {
        id: '1',
        type: 'next',
        payload: {
          errors: [{ message: 'The token of this stream has expired.', extensions: { code: 'TOKEN_EXPIRED' } }],
        },
      },
      { id: '1', type: 'complete' },
    ])
  })

  it('are renewed on the live socket, and its stream goes on past the end of the first', async () => {
    const first = await mesh.token('alder', undefined, lifetimeSeconds)
    const { heard, send, close } = await socket(first)
    send({ id: '1', type: 'subscribe', payload: { query: navs } })
    await expect.poll(() => heard.some(({ payload }) => payload?.type === 'token_expiring')).toBe(true)
    const second = await mesh.token('alder', undefined, 600)
    send({ type: 'ping', payload: { authorization: `Bearer ${second}` } })
    await expect
      .poll(() => heard)
      .toContainEqual({
        type: 'pong',
        payload: { type: 'token_renewed', expiresAt: new Date(expiryOf(second)).toISOString() },
      })
    await sleep(expiryOf(first) - Date.now() + 500)
    const before = updates(heard)
    await expect.poll(() => updates(heard)).toBeGreaterThan(before)
    expect(codesOf(heard)).toEqual([])
    close()
  })

  it('that do not come at all are not waited for', async () => {
    const ws = new WebSocket(socketUrl(mesh), 'graphql-transport-ws')
    await once(ws, 'open')
    const opened = Date.now()
    expect((await once(ws, 'close'))[0]).toBe(4408)
    expect(Date.now() - opened).toBeGreaterThan(initMs - 100)
  })

  it('are announced to end over server-sent events in a comment', async () => {
    const token = await mesh.token('alder', undefined, lifetimeSeconds)
    const response = await fetch(`${mesh.urls.gateway}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'text/event-stream',
        authorization: `Bearer ${token}`,
      },
      body: JSON.stringify({ query: navs }),
    })
    const text = await response.text()
    expect(Date.now()).toBeGreaterThanOrEqual(expiryOf(token))
    expect(text).toContain(`\n\n: token_expiring ${new Date(expiryOf(token)).toISOString()}\n\n`)
    expect(text).toMatch(/"code":"TOKEN_EXPIRED"\}\}\]\}\n\nevent: complete\ndata:\n\n$/)
  })

  it('of another tenant end the socket; one that is no token leaves it as it is', async () => {
    const { heard, closed, send } = await socket(await mesh.token('alder'))
    send({ type: 'ping', payload: { authorization: 'Bearer not.a.token' } })
    await expect.poll(() => heard.at(-1)?.payload).toMatchObject({ type: 'token_refused', code: 'UNAUTHENTICATED' })
    send({ type: 'ping', payload: { authorization: `Bearer ${await mesh.token('birch')}` } })
    expect((await closed).code).toBe(4403)
  })
})
