import type { Logger } from '@fundmesh/platform/telemetry/log'
import { codedError } from '../errors/catalogue.ts'
import { type Enter, open, optional, required } from './enter.ts'
import { keySet } from './key-set.ts'
import { tokenVerifier, type VerifyToken } from './token.ts'

export interface DoorConfig {
  readonly ACCESS: 'required' | 'optional' | 'open'
  readonly JWKS_URL?: string | undefined
  readonly JWKS_REFRESH_SECONDS: number
  readonly JWKS_MAX_STALE_SECONDS: number
  readonly JWT_ISSUER?: string | undefined
  readonly JWT_AUDIENCE?: string | undefined
  /** Whether things are granted to tenants here: a token must then name one. */
  readonly hasEventLog: boolean
}

/** Opens the door as the settings have it, and says loudly what it does not look at. */
export function openDoor(config: DoorConfig, log: Logger): Enter {
  if (config.ACCESS === 'open') {
    log.warn('ACCESS=open: nobody has an identity here; whoever comes reads whatever asks for nothing')
    return open
  }
  for (const setting of ['JWT_ISSUER', 'JWT_AUDIENCE'] as const) {
    if (config.JWKS_URL && !config[setting])
      log.warn(`${setting} is not set: tokens are taken whatever they say there, if their key is published`)
  }
  return { required, optional }[config.ACCESS](verifierOf(config, log))
}

function verifierOf(config: DoorConfig, log: Logger): VerifyToken {
  if (!config.JWKS_URL) {
    log.warn('JWKS_URL is not set: no token can be verified, and each is refused')
    return async () => {
      throw codedError('UNAUTHENTICATED')
    }
  }
  return tokenVerifier({
    keys: keySet({
      url: config.JWKS_URL,
      refreshMs: config.JWKS_REFRESH_SECONDS * 1000,
      maxStaleMs: config.JWKS_MAX_STALE_SECONDS * 1000,
      log,
    }),
    issuer: config.JWT_ISSUER,
    audience: config.JWT_AUDIENCE,
    tenantRequired: config.hasEventLog,
  })
}
