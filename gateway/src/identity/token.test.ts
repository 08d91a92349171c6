import {
  CompactSign,
  type CryptoKey,
  createLocalJWKSet,
  exportJWK,
  exportPKCS8,
  exportSPKI,
  generateKeyPair,
  importPKCS8,
  type JWK,
  type JWTPayload,
} from 'jose'
import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { KeysUnavailable } from './key-set.ts'
import { tokenVerifier, type VerifyToken } from './token.ts'

const issuer = 'https://issuer.example'
const audience = 'https://fundmesh.example/graphql'

interface Pair {
  readonly privateKey: CryptoKey
  readonly publicKey: CryptoKey
  readonly jwk: JWK
}

describe('a token', () => {
  let ec: Pair
  let rsa: Pair
  let stranger: Pair
  let verify: VerifyToken

  beforeAll(async () => {
    const pair = async (alg: string, kid: string): Promise<Pair> => {
      const keys = await generateKeyPair(alg, { extractable: true })
      return { ...keys, jwk: { ...(await exportJWK(keys.publicKey)), kid, alg, use: 'sig' } }
    }
    ;[ec, rsa, stranger] = await Promise.all([pair('ES256', 'ec'), pair('RS256', 'rsa'), pair('ES256', 'stranger')])
    verify = tokenVerifier({
      keys: createLocalJWKSet({ keys: [ec.jwk, rsa.jwk] }),
      issuer,
      audience,
      tenantRequired: true,
    })
  })

  const now = () => Math.floor(Date.now() / 1000)
  const claims = (changed: Record<string, unknown> = {}): JWTPayload => ({
    iss: issuer,
    aud: audience,
    sub: 'alder-app',
    client_id: 'alder-app',
    tenant: 'alder',
    scope: 'a b',
    iat: now(),
    exp: now() + 300,
    ...changed,
  })
  const signed = (
    payload: object | string = claims(),
    header: Record<string, unknown> = {},
    key: CryptoKey | Uint8Array = ec.privateKey,
  ) =>
    new CompactSign(new TextEncoder().encode(typeof payload === 'string' ? payload : JSON.stringify(payload)))
      .setProtectedHeader({ alg: 'ES256', kid: 'ec', typ: 'at+jwt', ...header })
      .sign(key)
  const base64url = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const outcome = (token: string) =>
    verify(token).then(
      () => 'accepted',
      (error) => error.extensions?.code ?? error,
    )

  it('gives the caller it was made for', async () => {
    const caller = await verify(await signed(claims({ region: 'CH' })))
    expect(caller).toMatchObject({ tenant: 'alder', subject: 'alder-app', client: 'alder-app', region: 'CH' })
    expect(caller.scopes).toEqual(new Set(['a', 'b']))
    expect(caller.expiresAt.getTime()).toBeGreaterThan(Date.now())
  })

  it.each<[string, () => Promise<string>]>([
    ['of the type at+jwt', () => signed()],
    ['of the type application/at+jwt', () => signed(claims(), { typ: 'application/at+jwt' })],
    ['of the type JWT', () => signed(claims(), { typ: 'JWT' })],
    ['without a type', () => signed(claims(), { typ: undefined })],
    ['signed with RS256', () => signed(claims(), { alg: 'RS256', kid: 'rsa' }, rsa.privateKey)],
    ['for us among others', () => signed(claims({ aud: ['https://other.example', audience] }))],
    ['without a scope', () => signed(claims({ scope: undefined }))],
    ['issued by a clock 4 s ahead', () => signed(claims({ iat: now() + 4, nbf: now() + 4 }))],
  ])('%s is accepted', async (_, make) => {
    expect(await outcome(await make())).toBe('accepted')
  })

  it.each<[string, () => Promise<string> | string]>([
    // Signatures (RFC 8725, section 2.1)
    ['without a signature (none)', () => `${base64url({ alg: 'none', kid: 'ec' })}.${base64url(claims())}.`],
    ['without a signature (None)', () => `${base64url({ alg: 'None', kid: 'ec' })}.${base64url(claims())}.`],
    ['whose signature is cut off', async () => (await signed()).replace(/[^.]+$/, '')],
    [
      'whose claims were changed',
      async () => (await signed()).replace(/\.[^.]+\./, `.${base64url(claims({ tenant: 'birch' }))}.`),
    ],
    [
      'signed with the public key as text for HS256',
      async () =>
        signed(claims(), { alg: 'HS256', kid: 'rsa' }, new TextEncoder().encode(await exportSPKI(rsa.publicKey))),
    ],
    [
      'signed with the published JWK for HS256',
      () => signed(claims(), { alg: 'HS256' }, new TextEncoder().encode(JSON.stringify(ec.jwk))),
    ],
    [
      'of an RSA key that says ES256',
      async () =>
        reheaded(await signed(claims(), { alg: 'RS256', kid: 'rsa' }, rsa.privateKey), { alg: 'ES256', kid: 'rsa' }),
    ],
    ['of an EC key that says RS256', async () => reheaded(await signed(), { alg: 'RS256', kid: 'ec' })],
    ['of an EC key that names the RSA key', () => signed(claims(), { kid: 'rsa' })],
    [
      'of an RSA key for PS256, where it is published for RS256',
      async () =>
        signed(claims(), { alg: 'PS256', kid: 'rsa' }, await importPKCS8(await exportPKCS8(rsa.privateKey), 'PS256')),
    ],
    // Keys that the token brings along (section 2.4 and 3.10)
    ['of a stranger', () => signed(claims(), { kid: 'stranger' }, stranger.privateKey)],
    ['of a stranger under a known name', () => signed(claims(), {}, stranger.privateKey)],
    ['of a stranger with its key (jwk)', () => signed(claims(), { jwk: stranger.jwk }, stranger.privateKey)],
    [
      'of a stranger with its key set (jku)',
      () => signed(claims(), { jku: 'https://evil.example/jwks' }, stranger.privateKey),
    ],
    [
      'of a stranger with its certificate (x5u)',
      () => signed(claims(), { x5u: 'https://evil.example/x509' }, stranger.privateKey),
    ],
    ['of a stranger with its certificate (x5c)', () => signed(claims(), { x5c: ['MIIB'] }, stranger.privateKey)],
    ['with a path for a key name', () => signed(claims(), { kid: '../../dev/null' }, stranger.privateKey)],
    // Extensions that must be understood (RFC 7515, section 4.1.11)
    [
      'with an unknown critical header',
      async () => reheaded(await signed(), { alg: 'ES256', kid: 'ec', crit: ['exp'], exp: 1 }),
    ],
    [
      'with an empty list of critical headers',
      async () => reheaded(await signed(), { alg: 'ES256', kid: 'ec', crit: [] }),
    ],
    ['that is unencoded', async () => reheaded(await signed(), { alg: 'ES256', kid: 'ec', crit: ['b64'], b64: false })],
    // Another token of the same issuer (section 2.8)
    ['for another audience', () => signed(claims({ aud: 'https://other.example' }))],
    ['for an audience that only begins as ours', () => signed(claims({ aud: `${audience}/` }))],
    ['of another issuer', () => signed(claims({ iss: `${issuer}/` }))],
    ['that is an ID token by its nonce', () => signed(claims({ nonce: 'n' }), { typ: 'JWT' })],
    ['that is an ID token by its hash', () => signed(claims({ at_hash: 'h' }), { typ: 'JWT' })],
    ['that is an ID token by its use', () => signed(claims({ token_use: 'id' }), { typ: undefined })],
    ['that is a logout token', () => signed(claims(), { typ: 'logout+jwt' })],
    ['that is a logout token by its events', () => signed(claims({ events: {} }), { typ: 'JWT' })],
    ['that is bound to a key (cnf)', () => signed(claims({ cnf: { jkt: 'x' } }))],
    // Time
    ['that has expired', () => signed(claims({ exp: now() - 1 }))],
    ['that is not valid yet', () => signed(claims({ nbf: now() + 60 }))],
    ['issued in the future', () => signed(claims({ iat: now() + 60 }))],
    ['issued at no number', () => signed(claims({ iat: 'now' }))],
    ['without an end', () => signed(claims({ exp: undefined }))],
    ['whose end is text', () => signed(claims({ exp: '9999999999' }))],
    ['whose end is no date', () => signed(claims({ exp: 1e300 }))],
    ['whose end is infinite', () => signed(JSON.stringify(claims()).replace(/"exp":\d+/, '"exp":1e999'))],
    // Names
    ...['iss', 'aud', 'sub', 'tenant'].map((name): [string, () => Promise<string>] => [
      `without ${name}`,
      () => signed(claims({ [name]: undefined })),
    ]),
    ...(
      [
        ['sub', ''],
        ['sub', 7],
        ['tenant', ''],
        ['tenant', ['alder']],
        ['tenant', { toString: 'alder' }],
        ['client_id', ''],
        ['client_id', ['alder-app']],
        ['scope', ['entitlement:admin']],
        ['region', 'ch'],
        ['region', ['CH']],
      ] as const
    ).map(([name, value]): [string, () => Promise<string>] => [
      `whose ${name} is ${JSON.stringify(value)}`,
      () => signed(claims({ [name]: value })),
    ]),
    // Shape
    ['that is empty', () => ''],
    ['that is no JWT', () => 'not.a.token'],
    ['of five parts (JWE)', async () => `${await signed()}.a.b`],
    ['whose claims are no object', () => signed('["alder"]')],
    ['whose claims are no JSON', () => signed('alder')],
    ['without a key name', () => signed(claims(), { kid: undefined }, stranger.privateKey)],
    ['of absurd size', () => signed(claims({ more: 'x'.repeat(9_000) }))],
  ])('%s is refused', async (_, make) => {
    expect(await outcome(await make())).toBe('UNAUTHENTICATED')
  })

  const reheaded = (token: string, header: object) => token.replace(/^[^.]+/, base64url(header))

  it('cannot be decided on while the keys cannot be had', async () => {
    verify = tokenVerifier({
      keys: async () => Promise.reject(new KeysUnavailable('down')),
      issuer,
      audience,
      tenantRequired: true,
    })
    expect(await outcome(await signed())).toBe('SERVICE_UNAVAILABLE')
  })

  describe('that was verified before', () => {
    let published: JWK[]
    let available: boolean
    let verifyOnce: VerifyToken
    beforeEach(() => {
      available = true
      let keys: ReturnType<typeof createLocalJWKSet>
      published = [ec.jwk]
      /** As the provider's keys are: read anew when they were changed. */
      let read: JWK[] = []
      verifyOnce = tokenVerifier({
        keys: (header, token) => {
          if (!available) throw new KeysUnavailable('they are away')
          if (read !== published) keys = createLocalJWKSet({ keys: published })
          read = published
          return keys(header, token)
        },
        issuer,
        audience,
        tenantRequired: true,
      })
    })
    const codeOf = (token: string) =>
      verifyOnce(token).then(
        () => 'accepted',
        (error) => error.extensions?.code ?? error,
      )

    it('is known again by all of its characters, and by no other', async () => {
      const token = await signed()
      const caller = await verifyOnce(token)
      expect(await verifyOnce(token)).toBe(caller)
      const [head, body, signature] = token.split('.')
      expect(await codeOf([head, body, `${signature!.slice(0, -2)}AA`].join('.'))).toBe('UNAUTHENTICATED')
      const more = base64url(claims({ scope: 'a b admin' }))
      expect(await codeOf([head, more, signature].join('.'))).toBe('UNAUTHENTICATED')
    })

    it('is refused once its key was taken back or stands for another, and undecided while there are none', async () => {
      const token = await signed()
      expect(await codeOf(token)).toBe('accepted')
      available = false
      expect(await codeOf(token)).toBe('SERVICE_UNAVAILABLE')
      available = true
      published = [{ ...stranger.jwk, kid: 'ec' }]
      expect(await codeOf(token)).toBe('UNAUTHENTICATED')
      published = []
      expect(await codeOf(token)).toBe('UNAUTHENTICATED')
      published = [ec.jwk]
      expect(await codeOf(token)).toBe('accepted')
    })

    it('is refused from its end on', async () => {
      vi.useFakeTimers({ toFake: ['Date'] })
      try {
        const token = await signed(claims({ exp: now() + 10 }))
        expect(await codeOf(token)).toBe('accepted')
        vi.setSystemTime((now() + 10) * 1_000)
        expect(await codeOf(token)).toBe('UNAUTHENTICATED')
      } finally {
        vi.useRealTimers()
      }
    })
  })
})
