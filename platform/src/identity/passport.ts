/**
 * The passport: what the gateway vouches for when it asks a subgraph, as a signed JWT (RFC 7519, EdDSA over Ed25519).
 * Only the gateway holds the private key, so a subgraph can verify a caller and cannot invent one.
 */
import { importJWK, type JWK, jwtVerify, SignJWT } from 'jose'
import type { Caller } from './caller.ts'

/** The header that carries the passport. */
export const PASSPORT_HEADER = 'x-fundmesh-passport'

const issuer = 'fundmesh:gateway'
const audience = 'fundmesh:subgraph'
const algorithm = 'EdDSA'

/** Seconds for which a passport is good: longer than any fetch, far shorter than a token. */
export const PASSPORT_SECONDS = 30

/** What a passport says: the caller, and the one `knownAt` of the operation. */
export interface Passport {
  readonly caller: Caller
  /** The instant whose knowledge answers the whole operation, RFC 3339 UTC. */
  readonly knownAt: string
}

export type SealPassport = (passport: Passport) => Promise<string>
export type OpenPassport = (sealed: string) => Promise<Passport>

/** Makes the gateway's seal from its private Ed25519 key. Never valid for longer than the caller's own token. */
export async function passportSealer(privateKey: JWK): Promise<SealPassport> {
  const key = await importJWK(privateKey, algorithm)
  return ({ caller, knownAt }) => {
    const now = Math.floor(Date.now() / 1000)
    const expires = Math.min(now + PASSPORT_SECONDS, Math.floor(caller.expiresAt.getTime() / 1000))
    return new SignJWT({ tenant: caller.tenant, scope: [...caller.scopes].join(' '), knownAt })
      .setProtectedHeader({ alg: algorithm })
      .setIssuer(issuer)
      .setAudience(audience)
      .setSubject(caller.subject)
      .setIssuedAt(now)
      .setExpirationTime(expires)
      .sign(key)
  }
}

/** Makes a subgraph's opener from the gateway's public key. It rejects with a jose error whatever is not genuine and current. */
export async function passportOpener(publicKey: JWK): Promise<OpenPassport> {
  const key = await importJWK(publicKey, algorithm)
  return async (sealed) => {
    const { payload } = await jwtVerify(sealed, key, {
      issuer,
      audience,
      algorithms: [algorithm],
      requiredClaims: ['sub', 'tenant', 'scope', 'knownAt', 'exp'],
    })
    return {
      caller: {
        tenant: String(payload.tenant),
        subject: String(payload.sub),
        scopes: new Set(String(payload.scope).split(' ').filter(Boolean)),
        expiresAt: new Date(payload.exp! * 1000),
      },
      knownAt: String(payload.knownAt),
    }
  }
}
