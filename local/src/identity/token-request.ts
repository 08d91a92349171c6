import { CommandError } from '../command-line.ts'
import type { DemoTenant } from '../demo-tenants.ts'

/** Where `npm start` puts the identity provider. */
export const DEFAULT_IDENTITY_URL = 'http://127.0.0.1:4007'

/** Nobody listens where the identity provider should be. */
export class NoIdentityProvider extends CommandError {}

export interface TokenRequest {
  readonly tenant: DemoTenant
  /** The identity provider's address. */
  readonly identityUrl: URL
  /** Scopes, separated by spaces. */
  readonly scope?: string | undefined
  /** Seconds that the token is good for; the provider has a default. */
  readonly ttl?: number | undefined
  readonly signal?: AbortSignal
}

/** A fresh access token of a demo tenant. Rejects with NoIdentityProvider or, when the provider refuses, a CommandError. */
export async function requestToken({ tenant, identityUrl, scope, ttl, signal }: TokenRequest): Promise<string> {
  const { id, secret } = tenant.client
  const body = new URLSearchParams({ grant_type: 'client_credentials' })
  if (scope !== undefined) body.set('scope', scope)
  if (ttl !== undefined) body.set('ttl', String(ttl))
  const headers = { authorization: `Basic ${btoa(`${id}:${secret}`)}` }

  let response: Response
  try {
    response = await fetch(new URL('/token', identityUrl), { method: 'POST', headers, body, signal: signal ?? null })
  } catch (error) {
    if (signal?.aborted) throw error
    const origin = identityUrl.origin
    throw new NoIdentityProvider(`No identity provider answers at ${origin}: start the graph with \`npm start\`.`, {
      cause: error,
    })
  }
  const answer = (await response.json().catch(() => ({}))) as Record<string, string | undefined>
  if (response.ok && answer.access_token) return answer.access_token
  const reason = answer.error_description ?? answer.error ?? `it answered ${response.status} without a token`
  throw new CommandError(`The identity provider at ${identityUrl.origin} refused: ${reason}.`)
}
