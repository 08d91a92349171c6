import type { Caller } from '@fundmesh/platform/identity/caller'
import { createRemoteJWKSet, errors, jwtVerify } from 'jose'
import { codedError } from '../errors/catalogue.ts'

export interface TokenRules {
  readonly jwksUrl: string
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

/** Seconds by which the clocks of the issuer and ours may differ. */
const clockTolerance = 5

export function tokenVerifier({ jwksUrl, issuer, audience }: TokenRules): VerifyToken {
  const keys = createRemoteJWKSet(new URL(jwksUrl), { cooldownDuration: 10_000, timeoutDuration: 3_000 })
  return async (token) => {
    try {
      const { payload } = await jwtVerify(token, keys, {
        issuer,
        audience,
        algorithms,
        clockTolerance,
        requiredClaims: ['exp', 'sub', 'tenant'],
      })
      if (typeof payload.tenant !== 'string' || payload.tenant === '') throw codedError('UNAUTHENTICATED')
      return {
        tenant: payload.tenant,
        subject: payload.sub!,
        client: typeof payload.client_id === 'string' ? payload.client_id : payload.sub!,
        scopes: new Set(typeof payload.scope === 'string' ? payload.scope.split(' ').filter(Boolean) : []),
        expiresAt: new Date(payload.exp! * 1000),
      }
    } catch (error) {
      throw isUndecided(error) ? codedError('SERVICE_UNAVAILABLE') : codedError('UNAUTHENTICATED')
    }
  }
}

/** Whether the key set could not be read, which says nothing of the token. */
const isUndecided = (error: unknown): boolean =>
  error instanceof errors.JWKSTimeout ||
  error instanceof TypeError ||
  (error instanceof errors.JOSEError && error.code === 'ERR_JOSE_GENERIC')

/** The token of an `Authorization: Bearer …` value (RFC 6750), or undefined. */
export const bearerToken = (authorization: unknown): string | undefined =>
  typeof authorization === 'string' ? /^Bearer +([\w.~+/=-]+)$/i.exec(authorization)?.[1] : undefined
