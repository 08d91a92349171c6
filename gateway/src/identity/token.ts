import type { Caller } from '@fundmesh/platform/identity/caller'
import { errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose'
import { codedError } from '../errors/catalogue.ts'
import { KeysUnavailable } from './key-set.ts'

export interface TokenRules {
  readonly keys: JWTVerifyGetKey
  readonly issuer: string
  readonly audience: string
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

export function tokenVerifier({ keys, issuer, audience }: TokenRules): VerifyToken {
  return async (token) => {
    if (token.length > longestToken) throw codedError('UNAUTHENTICATED')
    try {
      const { payload, protectedHeader } = await jwtVerify(token, keys, {
        issuer,
        audience,
        algorithms,
        clockTolerance,
      })
      if (!types.has((protectedHeader.typ ?? 'JWT').toLowerCase())) throw codedError('UNAUTHENTICATED')
      return callerOf(payload)
    } catch (error) {
      if (error instanceof KeysUnavailable) throw codedError('SERVICE_UNAVAILABLE')
      throw error instanceof errors.JOSEError ? codedError('UNAUTHENTICATED') : error
    }
  }
}

/** The caller that verified claims name. Whatever is missing, of another type or of another kind of token is refused. */
function callerOf(claims: JWTPayload): Caller {
  const { sub, tenant, client_id: client = sub, scope = '', region, exp, iat = 0 } = claims
  const latest = Date.now() / 1000 + clockTolerance
  const expiresAt = new Date(Number(exp) * 1000)
  const sound =
    isName(sub) &&
    isName(tenant) &&
    isName(client) &&
    typeof scope === 'string' &&
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
    scopes: new Set(scope.split(' ').filter(Boolean)),
    ...(region !== undefined && { region }),
    expiresAt,
  }
}

const isName = (value: unknown): value is string => typeof value === 'string' && value !== ''

/** ISO 3166-1 alpha-2. */
const isRegion = (value: unknown): value is string => typeof value === 'string' && /^[A-Z]{2}$/.test(value)
