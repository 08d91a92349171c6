import { createHash } from 'node:crypto'
import type { Caller } from '@fundmesh/platform/identity/caller'
import { errors, type JWTPayload, type JWTVerifyGetKey, type JWTVerifyResult, jwtVerify, type ResolvedKey } from 'jose'
import { LRUCache } from 'lru-cache'
import { codedError } from '../errors/catalogue.ts'
import { KeysUnavailable } from './key-set.ts'

export interface TokenRules {
  readonly keys: JWTVerifyGetKey
  /** Undefined: not looked at. */
  readonly issuer: string | undefined
  readonly audience: string | undefined
  /** Whether a token must say whose data may be read: where nothing is granted to tenants, it need not. */
  readonly tenantRequired: boolean
}

/**
 * Turns a bearer token into a Caller, or throws UNAUTHENTICATED; SERVICE_UNAVAILABLE where the keys to decide with
 * cannot be had.
 */
export type VerifyToken = (token: string) => Promise<Caller>

// Asymmetric only: with a shared secret in the list, a public key could pass for one (RFC 8725, section 3.1).
const algorithms = ['RS256', 'PS256', 'ES256', 'EdDSA']

/** Access tokens (RFC 9068), and what providers say that do not follow it. Not an ID token's relatives, as `logout+jwt`. */
const types: ReadonlySet<string> = new Set(['at+jwt', 'application/at+jwt', 'jwt'])

/** Seconds by which the issuer's clock may be ahead of ours (`iat`, `nbf`). An expiry has no grace. */
const clockTolerance = 5

/** Characters; more than any header takes, so that no socket gives us more to decode either. */
const longestToken = 8 * 1024

/** Claims that an access token never has: of an ID token (OpenID Connect Core, section 2) or a logout token. */
const foreignClaims = ['nonce', 'at_hash', 'c_hash', 'events']

/** Tokens that are remembered as verified. */
const mostTokens = 10_000

/** What a token said, and the key that it was verified by. */
interface Verified extends Pick<JWTVerifyResult, 'protectedHeader'>, Pick<ResolvedKey, 'key'> {
  readonly caller: Caller
}

export function tokenVerifier({ keys, issuer, audience, tenantRequired }: TokenRules): VerifyToken {
  /** By the token's hash, so that no token is kept. */
  const known = new LRUCache<string, Verified>({ max: mostTokens })

  /** A signature is verified once for as long as the keys, which are asked each time, say the very same key. */
  const isGoodStill = async ({ caller, protectedHeader, key }: Verified) =>
    caller.expiresAt.getTime() > Date.now() && (await keys(protectedHeader, noSignature)) === key

  return async (token) => {
    if (token.length > longestToken) throw codedError('UNAUTHENTICATED')
    try {
      const name = createHash('sha256').update(token).digest('base64')
      const before = known.get(name)
      if (before && (await isGoodStill(before))) return before.caller
      const { payload, protectedHeader, key } = await jwtVerify(token, keys, {
        ...(issuer !== undefined && { issuer }),
        ...(audience !== undefined && { audience }),
        algorithms,
        clockTolerance,
      })
      if (!types.has((protectedHeader.typ ?? 'JWT').toLowerCase())) throw codedError('UNAUTHENTICATED')
      const caller = callerOf(payload, tenantRequired)
      known.set(name, { caller, protectedHeader, key })
      return caller
    } catch (error) {
      if (error instanceof KeysUnavailable) throw codedError('SERVICE_UNAVAILABLE')
      throw error instanceof errors.JOSEError ? codedError('UNAUTHENTICATED') : error
    }
  }
}

/** A JWS that came with nothing but its protected header: which key is meant does not depend on the rest. */
const noSignature = { payload: '', signature: '' }

/** The caller that verified claims name. Whatever is missing, of another type or of another kind of token is refused. */
function callerOf(claims: JWTPayload, tenantRequired: boolean): Caller {
  const { client_id, region, exp, iat = 0 } = claims
  const { sub, tenant } = tenantRequired ? claims : { sub: client_id ?? unnamed, tenant: '', ...claims }
  const client = client_id ?? sub
  const scopes = [Array.isArray(claims.scope) ? undefined : namesIn(claims.scope), namesIn(claims.scp)]
  const latest = Date.now() / 1000 + clockTolerance
  const expiresAt = new Date(Number(exp) * 1000)
  const sound =
    isName(sub) &&
    (isName(tenant) || (!tenantRequired && tenant === '')) &&
    isName(client) &&
    scopes.every((names) => names !== undefined) &&
    (region === undefined || isRegion(region)) &&
    // Also refuses a moment that no date can be, which would never come.
    expiresAt.getTime() > Date.now() &&
    typeof iat === 'number' &&
    iat <= latest &&
    // Bound to a key that the bearer would have to prove (RFC 7800), which we cannot ask for.
    claims.cnf === undefined &&
    claims.token_use !== 'id' &&
    !foreignClaims.some((claim) => claim in claims)
  if (!sound) throw codedError('UNAUTHENTICATED')
  return {
    tenant,
    subject: sub,
    client,
    scopes: new Set(scopes.flatMap((names) => names ?? [])),
    ...(region !== undefined && { region }),
    expiresAt,
  }
}

/** The holder of a token that names none; that it was verified is what counts. */
const unnamed = '(unnamed)'

/** `scope` (RFC 8693, section 4.2) and, as other providers say it, `scp`; undefined: neither of a form that is known. */
function namesIn(claim: unknown): readonly string[] | undefined {
  if (claim === undefined) return []
  if (typeof claim === 'string') return claim.split(' ').filter(Boolean)
  return Array.isArray(claim) && claim.every(isName) ? claim : undefined
}

const isName = (value: unknown): value is string => typeof value === 'string' && value !== ''

/** ISO 3166-1 alpha-2. */
const isRegion = (value: unknown): value is string => typeof value === 'string' && /^[A-Z]{2}$/.test(value)
