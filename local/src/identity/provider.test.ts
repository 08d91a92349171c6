import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createLogger } from '@fundmesh/platform/telemetry/log'
import { createRemoteJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { DEMO_TENANTS } from '../demo-tenants.ts'
import { GRAPH_AUDIENCE, type IdentityProvider, startIdentityProvider } from './provider.ts'

const log = createLogger('identity', 'silent')
// The library warns once a process, so its voice is listened to from the start.
const consoleSpies = (['info', 'warn', 'error', 'log'] as const).map((way) => vi.spyOn(console, way))
let folder: string
let keysFile: string
let identity: IdentityProvider

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'identity-'))
  keysFile = path.join(folder, 'keys.json')
  identity = await startIdentityProvider({ host: '127.0.0.1', port: 0, keysFile, log })
})

afterAll(async () => {
  await identity.close()
  await rm(folder, { recursive: true })
})

async function ask(client: string, secret: string, parameters: Record<string, string> = {}, headers = {}) {
  const response = await fetch(identity.tokenEndpoint, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`${client}:${secret}`)}`, ...headers },
    body: new URLSearchParams({ grant_type: 'client_credentials', ...parameters }),
  })
  const text = await response.text()
  const json = response.headers.get('content-type')?.includes('json')
  return { status: response.status, text, body: json ? JSON.parse(text) : undefined }
}

const askAs = (tenant: string, parameters?: Record<string, string>) =>
  ask(`${tenant}-demo`, `${tenant}-demo-secret`, parameters)

const verified = (token: string) =>
  jwtVerify(token, createRemoteJWKSet(new URL(identity.jwksUrl)), {
    issuer: identity.issuer,
    audience: GRAPH_AUDIENCE,
    algorithms: ['ES256'],
    typ: 'at+jwt',
  })

describe('the identity provider', () => {
  it.each(DEMO_TENANTS.map(({ id }) => id))(
    'gives %s an RFC 9068 access token that its JWKS verifies',
    async (tenant) => {
      const { status, body } = await askAs(tenant)
      expect(status).toBe(200)
      expect(body).toMatchObject({ token_type: 'Bearer', expires_in: 900 })
      const { payload, protectedHeader } = await verified(body.access_token)
      expect(protectedHeader).toEqual({ alg: 'ES256', typ: 'at+jwt', kid: expect.any(String) })
      expect(payload).toEqual({
        iss: identity.issuer,
        aud: GRAPH_AUDIENCE,
        sub: `${tenant}-demo`,
        client_id: `${tenant}-demo`,
        tenant,
        jti: expect.any(String),
        iat: expect.any(Number),
        exp: payload.iat! + 900,
      })
    },
  )

  it('gives the house the scope to administer entitlements when it asks for it, and only then', async () => {
    const asked = await askAs('house', { scope: 'entitlement:admin' })
    expect((await verified(asked.body.access_token)).payload).toMatchObject({
      tenant: 'house',
      scope: 'entitlement:admin',
    })
    expect(decodeJwt((await askAs('house')).body.access_token).scope).toBeUndefined()
  })

  it.each([
    ['alder', 'entitlement:admin'],
    ['alder', 'openid'],
    ['house', 'entitlement:admin nonsense'],
  ])('refuses %s the scope "%s" instead of leaving it out', async (tenant, scope) => {
    const { status, body } = await askAs(tenant, { scope })
    expect(status).toBe(400)
    expect(body).toMatchObject({ error: 'invalid_scope', error_description: expect.stringContaining(`${tenant}-demo`) })
  })

  it('lets a token live for as many seconds as asked', async () => {
    const { body } = await askAs('alder', { ttl: '2' })
    expect(body.expires_in).toBe(2)
    const { iat, exp } = decodeJwt(body.access_token)
    expect(exp! - iat!).toBe(2)
  })

  it.each(['0', '3601', '-5', '15m', '1e2', '', '99999999999'])('refuses the lifetime "%s"', async (ttl) => {
    const { status, body } = await askAs('alder', { ttl })
    expect(status).toBe(400)
    expect(body).toEqual({
      error: 'invalid_request',
      error_description: `ttl is a whole number of seconds from 1 to 3600, not "${ttl}"`,
    })
  })

  it('issues tokens for the graph only', async () => {
    expect((await askAs('alder', { resource: GRAPH_AUDIENCE })).status).toBe(200)
    expect((await askAs('alder', { resource: 'https://elsewhere.example/' })).body.error).toBe('invalid_target')
  })

  it('refuses a wrong secret, an unknown client, and every other grant', async () => {
    expect((await ask('alder-demo', 'birch-demo-secret')).body.error).toBe('invalid_client')
    expect((await ask('nobody', 'nothing')).body.error).toBe('invalid_client')
    expect((await askAs('alder', { grant_type: 'refresh_token' })).body.error).toBe('unsupported_grant_type')
  })

  it('has no pages for people and no interactions', async () => {
    for (const way of ['/auth', '/interaction/x', '/session/end', '/me', '/reg', '/request', '/']) {
      expect((await fetch(new URL(way, identity.issuer))).status, way).toBe(404)
    }
  })

  it('publishes public keys only', async () => {
    const { keys } = (await (await fetch(identity.jwksUrl)).json()) as { keys: Record<string, unknown>[] }
    expect(keys).toHaveLength(1)
    expect(Object.keys(keys[0]!).sort()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y'])
  })

  it('describes itself as OpenID Discovery asks', async () => {
    const discovery = await (await fetch(new URL('/.well-known/openid-configuration', identity.issuer))).json()
    expect(discovery).toMatchObject({
      issuer: identity.issuer,
      jwks_uri: identity.jwksUrl,
      token_endpoint: identity.tokenEndpoint,
      grant_types_supported: ['client_credentials'],
    })
  })

  it('writes nothing to the console, whatever it is asked', async () => {
    await askAs('alder', { ttl: '5' })
    await ask('alder-demo', 'alder-demo-secret', {}, { origin: 'http://page.example' })
    const text = await ask('alder-demo', 'wrong', {}, { accept: 'text/html' })
    expect(text.text).toContain('invalid_client')
    for (const spy of consoleSpies) expect(spy.mock.calls).toEqual([])
  })

  it('signs with a new key after a rotation, and both generations verify', async () => {
    const before = (await askAs('alder')).body.access_token
    await identity.rotateKeys()
    const after = (await askAs('alder')).body.access_token
    expect(decodeProtectedHeader(after).kid).not.toBe(decodeProtectedHeader(before).kid)
    await verified(before)
    await verified(after)
    await identity.withdrawOldKeys()
    await verified(after)
    await expect(verified(before)).rejects.toThrow('no applicable key found in the JSON Web Key Set')
  })

  it('keeps its keys over a restart, readable by the owner only', async () => {
    const { access_token: token } = (await askAs('alder')).body
    const again = await startIdentityProvider({ host: '127.0.0.1', port: 0, keysFile, issuer: identity.issuer, log })
    const keys = createRemoteJWKSet(new URL(again.jwksUrl))
    await jwtVerify(token, keys, { issuer: again.issuer })
    await again.close()
    expect((await stat(keysFile)).mode & 0o777).toBe(0o600)
    expect(JSON.parse(await readFile(keysFile, 'utf8')).keys[0].d).toEqual(expect.any(String))
  })

  it.each(['not json', '{}', '{"keys":[]}', '{"keys":[{"kty":"oct","k":"c2VjcmV0"}]}'])(
    'refuses a file of keys that holds %s, by name',
    async (content) => {
      const broken = path.join(folder, 'broken.json')
      await writeFile(broken, content)
      await expect(startIdentityProvider({ host: '127.0.0.1', port: 0, keysFile: broken, log })).rejects.toThrow(
        `The signing keys in ${broken} are unreadable`,
      )
    },
  )

  it('says in one sentence that its port is in use', async () => {
    const port = Number(new URL(identity.tokenEndpoint).port)
    await expect(startIdentityProvider({ host: '127.0.0.1', port, keysFile, log })).rejects.toThrow(
      `The identity provider cannot start: port ${port} on 127.0.0.1 is in use by another program.`,
    )
  })
})
