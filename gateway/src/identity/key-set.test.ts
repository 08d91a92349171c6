import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createLogger } from '@fundmesh/platform/telemetry/log'
import {
  exportJWK,
  generateKeyPair,
  type JWK,
  type JWTVerifyGetKey,
  type JWTVerifyResult,
  jwtVerify,
  SignJWT,
} from 'jose'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { keySet } from './key-set.ts'

const log = createLogger('test', 'silent')
const minute = 60_000

describe('the keys of the identity provider', () => {
  let provider: Server
  let port: number
  let published: JWK[]
  let asked: number
  let answer: 'keys' | 'error' | 'nonsense'
  let keys: JWTVerifyGetKey

  const start = async (at = 0) => {
    provider = createServer((_request, response) => {
      asked++
      if (answer === 'error') response.writeHead(500).end()
      else response.end(answer === 'nonsense' ? '<html>' : JSON.stringify({ keys: published }))
    })
    await new Promise<void>((resolve) => provider.listen(at, '127.0.0.1', resolve))
    port = (provider.address() as AddressInfo).port
  }
  const stop = () =>
    new Promise((resolve) => {
      provider.close(resolve)
      provider.closeAllConnections()
    })
  /** A token by a new key that the provider knows from now on. */
  const tokenOf = async (kid: string, publish = true): Promise<string> => {
    const { privateKey, publicKey } = await generateKeyPair('ES256')
    if (publish) published.push({ ...(await exportJWK(publicKey)), kid, alg: 'ES256' })
    return new SignJWT({}).setProtectedHeader({ alg: 'ES256', kid }).sign(privateKey)
  }
  const decided = (token: string) =>
    jwtVerify(token, keys).then(
      (_: JWTVerifyResult) => 'accepted',
      (error: Error & { code?: string }) => error.code ?? error.constructor.name,
    )
  const later = (ms: number) => vi.setSystemTime(Date.now() + ms)

  beforeEach(async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    published = []
    asked = 0
    answer = 'keys'
    await start()
    keys = keySet({ url: `http://127.0.0.1:${port}/jwks`, refreshMs: 5 * minute, maxStaleMs: 60 * minute, log })
  })
  afterEach(async () => {
    vi.useRealTimers()
    await stop()
  })

  it('are read once for many tokens', async () => {
    const token = await tokenOf('one')
    expect(await Promise.all(Array.from({ length: 50 }, () => decided(token)))).toEqual(Array(50).fill('accepted'))
    later(4 * minute)
    expect(await decided(token)).toBe('accepted')
    expect(asked).toBe(1)
  })

  it('are read again for a key that is new', async () => {
    expect(await decided(await tokenOf('one'))).toBe('accepted')
    later(minute)
    expect(await decided(await tokenOf('two'))).toBe('accepted')
    expect(asked).toBe(2)
  })

  it('are read once a cool-down, however many tokens name keys that nobody published', async () => {
    const good = await tokenOf('one')
    expect(await decided(good)).toBe('accepted')
    later(minute)
    const flood = await Promise.all(Array.from({ length: 100 }, (_, index) => tokenOf(`random ${index}`, false)))
    expect(new Set(await Promise.all(flood.map(decided)))).toEqual(new Set(['ERR_JWKS_NO_MATCHING_KEY']))
    for (const token of flood) expect(await decided(token)).toBe('ERR_JWKS_NO_MATCHING_KEY')
    expect(await decided(good)).toBe('accepted')
    expect(asked).toBe(2)

    const rotated = await tokenOf('two')
    expect(await decided(rotated)).toBe('ERR_JWKS_NO_MATCHING_KEY')
    later(10_000)
    expect(await decided(rotated)).toBe('accepted')
    expect(asked).toBe(3)
  })

  it('are not read for a known key that is used wrongly', async () => {
    const token = await tokenOf('one')
    expect(await decided(token)).toBe('accepted')
    later(minute)
    const header = Buffer.from(JSON.stringify({ alg: 'RS256', kid: 'one' })).toString('base64url')
    expect(await decided(token.replace(/^[^.]+/, header))).toBe('ERR_JWKS_NO_MATCHING_KEY')
    expect(asked).toBe(1)
  })

  it('are refused at the next reading once the provider took them back', async () => {
    const token = await tokenOf('one')
    expect(await decided(token)).toBe('accepted')
    published = []
    later(5 * minute - 1)
    expect(await decided(token)).toBe('accepted')
    later(1)
    expect(await decided(token)).toBe('ERR_JWKS_NO_MATCHING_KEY')
  })

  it('are read as often as is asked, also where that is more often than for a key that is new', async () => {
    keys = keySet({ url: `http://127.0.0.1:${port}/jwks`, refreshMs: 1_000, maxStaleMs: 3_000, log })
    const token = await tokenOf('one')
    for (let second = 0; second < 5; second++) {
      expect(await decided(token)).toBe('accepted')
      later(3_000)
    }
    expect(asked).toBe(5)
  })

  it('go on for the stated time while the provider is down; then nothing is decided, until it is back', async () => {
    const token = await tokenOf('one')
    expect(await decided(token)).toBe('accepted')
    await stop()
    later(60 * minute - 1)
    expect(await decided(token)).toBe('accepted')
    expect(await decided(await tokenOf('two', false))).toBe('KeysUnavailable')
    later(1)
    expect(await decided(token)).toBe('KeysUnavailable')
    await start(port)
    later(2_000)
    expect(await decided(token)).toBe('accepted')
  })

  it.each(['error', 'nonsense'] as const)(
    'go on while the provider answers with %s, which is no key set',
    async (broken) => {
      const token = await tokenOf('one')
      expect(await decided(token)).toBe('accepted')
      answer = broken
      later(30 * minute)
      expect(await decided(token)).toBe('accepted')
      expect(await decided(await tokenOf('two', false))).toBe('KeysUnavailable')
    },
  )

  it('that were never read decide nothing, and ask a provider that is down once a cool-down', async () => {
    answer = 'error'
    const token = await tokenOf('one')
    const outcomes = await Promise.all(Array.from({ length: 50 }, () => decided(token)))
    expect(new Set(outcomes)).toEqual(new Set(['KeysUnavailable']))
    expect(await decided(token)).toBe('KeysUnavailable')
    expect(asked).toBe(1)
    answer = 'keys'
    later(2_000)
    expect(await decided(token)).toBe('accepted')
  })
})
