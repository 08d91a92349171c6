import type { IncomingMessage } from 'node:http'
import type { Caller } from '@fundmesh/platform/identity/caller'
import type { Logger } from '@fundmesh/platform/telemetry/log'
import type { Audit } from '../audit/audit.ts'
import { presentedToken } from '../identity/bearer.ts'
import type { Enter } from '../identity/enter.ts'
import { type Reply, refusalOf } from './reply.ts'

/** Who came in, or what they are told. */
export type Entered = { readonly caller: Caller } | { readonly refusal: Reply }

export type Authenticate = (request: IncomingMessage) => Promise<Entered>

/** Who is not let in gets no answer, whatever the path. */
export function authentication(enter: Enter, audit: Pick<Audit, 'unauthenticated'>, log: Logger): Authenticate {
  return async (request) => {
    let token: string | undefined
    try {
      return { caller: await enter(() => (token = presentedToken(request))) }
    } catch (error) {
      const refusal = refusalOf(error, log)
      if (refusal.status !== 401) return { refusal }
      audit.unauthenticated()
      return { refusal: { ...refusal, headers: { ...refusal.headers, 'www-authenticate': challenge(token) } } }
    }
  }
}

/** RFC 6750, section 3.1: without a token there is nothing to say of one. */
const challenge = (token: string | undefined) =>
  `Bearer realm="fundmesh"${token === undefined ? '' : ', error="invalid_token"'}`
