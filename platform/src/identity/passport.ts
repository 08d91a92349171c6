/**
 * The passport: what the gateway vouches for when it asks a subgraph, as a signed JWT (RFC 7519, EdDSA over Ed25519).
 * Only the gateway holds the private key, so a subgraph can verify a caller and cannot invent one.
 */
import { importJWK, type JWK, jwtVerify, SignJWT } from 'jose'
import type { Channel, FieldSet, Reading } from '../grants/reading.ts'
import type { Caller } from './caller.ts'

/** The header that carries the passport. */
export const PASSPORT_HEADER = 'x-fundmesh-passport'

const issuer = 'fundmesh:gateway'
const audience = 'fundmesh:subgraph'
const algorithm = 'EdDSA'

/** Seconds for which a passport is good: longer than any fetch, far shorter than a token. */
export const PASSPORT_SECONDS = 30

/** What a passport says: the caller, the one `knownAt` of the operation, and how its answer leaves. */
export interface Passport {
  readonly caller: Caller
  readonly channel: Channel
  /** The tenant's entitlement epoch that the answer must know of at least (a consistency token's); 0: any. */
  readonly atLeastEpoch: number
  /** The instant whose knowledge answers the whole operation, RFC 3339 UTC. */
  readonly knownAt: string
}

/** How a subgraph that serves the field set reads for the passport's holder. */
export const readingOf = ({ caller: { tenant, region }, channel }: Passport, fieldSet: FieldSet): Reading => ({
  tenant,
  region,
  channel,
  fieldSet,
})

export type SealPassport = (passport: Passport) => Promise<string>
export type OpenPassport = (sealed: string) => Promise<Passport>

/** Makes the gateway's seal from its private Ed25519 key. Never valid for longer than the caller's own token. */
export async function passportSealer(privateKey: JWK): Promise<SealPassport> {
  const key = await importJWK(privateKey, algorithm)
  return ({ caller, channel, atLeastEpoch, knownAt }) => {
    const now = Math.floor(Date.now() / 1000)
    const expires = Math.min(now + PASSPORT_SECONDS, Math.floor(caller.expiresAt.getTime() / 1000))
    return new SignJWT({
      tenant: caller.tenant,
      client: caller.client,
      scope: [...caller.scopes].join(' '),
      ...(caller.region !== undefined && { region: caller.region }),
      channel,
      atLeastEpoch,
      knownAt,
    })
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
      requiredClaims: ['sub', 'tenant', 'client', 'scope', 'channel', 'atLeastEpoch', 'knownAt', 'exp'],
    })
    return {
      caller: {
        tenant: String(payload.tenant),
        subject: String(payload.sub),
        client: String(payload.client),
        scopes: new Set(String(payload.scope).split(' ').filter(Boolean)),
        ...(payload.region !== undefined && { region: String(payload.region) }),
        expiresAt: new Date(payload.exp! * 1000),
      },
      channel: payload.channel as Channel,
      atLeastEpoch: Number(payload.atLeastEpoch),
      knownAt: String(payload.knownAt),
    }
  }
}
