import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair, type JWK, type JWTPayload, SignJWT } from 'jose'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { bearerToken, tokenVerifier, type VerifyToken } from './token.ts'

const issuer = 'https://issuer.example'
const audience = 'https://fundmesh.example/graphql'

type Signer = (claims?: JWTPayload, change?: (token: SignJWT) => SignJWT) => Promise<string>

describe('a bearer token', () => {
  let provider: Server
  let published: JWK[]
  let verify: VerifyToken

  /** A key pair; `publish` decides whether the provider knows it. */
  const newSigner = async (kid: string, publish = true): Promise<Signer> => {
    const { privateKey, publicKey } = await generateKeyPair('ES256')
    if (publish) published.push({ ...(await exportJWK(publicKey)), kid, alg: 'ES256' })
    return (claims = { tenant: 'alder', scope: 'a b' }, change = (token) => token) =>
      change(
        new SignJWT(claims)
          .setProtectedHeader({ alg: 'ES256', kid })
          .setIssuer(issuer)
          .setAudience(audience)
          .setSubject('alder-app')
          .setExpirationTime('5m'),
      ).sign(privateKey)
  }

  beforeEach(async () => {
    published = []
    provider = createServer((_request, response) => response.end(JSON.stringify({ keys: published })))
    await new Promise<void>((resolve) => provider.listen(0, '127.0.0.1', resolve))
    verify = tokenVerifier({
      jwksUrl: `http://127.0.0.1:${(provider.address() as AddressInfo).port}/jwks`,
      issuer,
      audience,
    })
  })
  afterEach(() => new Promise((resolve) => provider.close(resolve)))

  const codeOf = (token: string) =>
    verify(token).then(
      () => 'accepted',
      (error) => error.extensions.code,
    )

  it('gives the caller it was made for', async () => {
    const sign = await newSigner('one')
    const caller = await verify(await sign())
    expect(caller).toMatchObject({ tenant: 'alder', subject: 'alder-app', scopes: new Set(['a', 'b']) })
    expect(caller.expiresAt.getTime()).toBeGreaterThan(Date.now())
  })

  it('is refused when it is expired, for others, from others, or without a tenant', async () => {
    const sign = await newSigner('one')
    const tenant = { tenant: 'alder' }
    expect(await codeOf(await sign(tenant, (token) => token.setExpirationTime('-10s')))).toBe('UNAUTHENTICATED')
    expect(await codeOf(await sign(tenant, (token) => token.setAudience('https://other.example')))).toBe(
      'UNAUTHENTICATED',
    )
    expect(await codeOf(await sign(tenant, (token) => token.setIssuer('https://other.example')))).toBe(
      'UNAUTHENTICATED',
    )
    expect(await codeOf(await sign({}))).toBe('UNAUTHENTICATED')
    expect(await codeOf(await sign({ tenant: '' }))).toBe('UNAUTHENTICATED')
    expect(await codeOf(await sign({ tenant: ['alder'] }))).toBe('UNAUTHENTICATED')
  })

  it('is refused when nobody published its key', async () => {
    await newSigner('one')
    const sign = await newSigner('stranger', false)
    expect(await codeOf(await sign())).toBe('UNAUTHENTICATED')
  })

  it('signed with the public key as a shared secret is refused', async () => {
    await newSigner('one')
    const token = await new SignJWT({ tenant: 'alder' })
      .setProtectedHeader({ alg: 'HS256', kid: 'one' })
      .setIssuer(issuer)
      .setAudience(audience)
      .setSubject('x')
      .setExpirationTime('5m')
      .sign(Buffer.from(JSON.stringify(published[0])))
    expect(await codeOf(token)).toBe('UNAUTHENTICATED')
  })

  it('cannot be decided on while the keys cannot be had', async () => {
    const sign = await newSigner('one')
    await new Promise((resolve) => provider.close(resolve))
    expect(await codeOf(await sign())).toBe('SERVICE_UNAVAILABLE')
  })

  it('is taken from the Bearer scheme only', () => {
    expect(bearerToken('Bearer a.b-c')).toBe('a.b-c')
    for (const other of ['Basic abc', 'Bearer', 'Bearer a b', 'a.b.c', undefined, 7])
      expect(bearerToken(other)).toBeUndefined()
  })
})
