/**
 * The OpenID provider of one machine, in the place of the asset manager's own. Demo clients get JWT access tokens
 * (RFC 9068) for the graph with the client-credentials grant; nothing else is offered.
 */
import { randomUUID } from 'node:crypto'
import { createServer, type RequestListener } from 'node:http'
import type { Logger } from '@fundmesh/platform/telemetry/log'
import Provider, {
  type Adapter,
  type Configuration,
  errors,
  type KoaContextWithOIDC,
  type ResourceServer,
} from 'oidc-provider'
import { ALL_TENANTS, type DemoTenant } from '../demo-tenants.ts'
import { listen } from '../http-listener.ts'
import { loadSigningKeys, newSigningKey, SIGNING_ALGORITHM, type SigningKey, saveSigningKeys } from './signing-keys.ts'

/** The resource that tokens are for, and the `aud` that the gateway asks for. */
export const GRAPH_AUDIENCE = 'https://fundmesh.example/graphql'

/** Seconds for which a token is good. */
export const TOKEN_SECONDS = { default: 900, least: 1, most: 3600 } as const

/** What is served; the library's pages for people stay shut. */
const OPEN_PATHS: ReadonlySet<string> = new Set(['/token', '/jwks', '/.well-known/openid-configuration'])

export interface IdentityProviderOptions {
  readonly host: string
  /** 0 takes any free port. */
  readonly port: number
  /** Where the signing keys are kept; made when missing. */
  readonly keysFile: string
  /** The `iss` of the tokens; by default the URL listened on. */
  readonly issuer?: string
  readonly log: Logger
}

export interface IdentityProvider {
  readonly issuer: string
  readonly jwksUrl: string
  readonly tokenEndpoint: string
  /** Signs with a new key from now on. The old ones stay published, so that tokens signed with them stay good. */
  rotateKeys(): Promise<void>
  /** Publishes no key but the newest from now on: tokens signed with the others are good no more. */
  withdrawOldKeys(): Promise<void>
  close(): Promise<void>
}

/** Starts the provider. Rejects with one sentence when the port is taken or the keys are unreadable. */
export async function startIdentityProvider(options: IdentityProviderOptions): Promise<IdentityProvider> {
  let keys = await loadSigningKeys(options.keysFile)
  let handle: RequestListener = (_request, response) => void response.writeHead(503).end()
  const server = createServer((request, response) => {
    const path = request.url?.split('?')[0] ?? ''
    if (OPEN_PATHS.has(path)) handle(request, response)
    else response.writeHead(404).end()
  })
  const listener = await listen(server, { host: options.host, port: options.port, what: 'The identity provider' })
  const issuer = options.issuer ?? listener.url
  const open = () => {
    handle = provider(issuer, keys, options.log).callback()
  }
  open()
  const replaceKeys = async (next: readonly SigningKey[]) => {
    keys = await saveSigningKeys(options.keysFile, next)
    // The library reads its keys once, so a new set needs a new provider; it keeps no state that would be lost.
    open()
  }
  return {
    issuer,
    jwksUrl: `${listener.url}/jwks`,
    tokenEndpoint: `${listener.url}/token`,
    rotateKeys: async () => replaceKeys([await newSigningKey(), ...keys]),
    withdrawOldKeys: () => replaceKeys(keys.slice(0, 1)),
    close: listener.close,
  }
}

function provider(issuer: string, keys: readonly SigningKey[], log: Logger): Provider {
  const openid = new Provider(issuer, configuration(keys))
  openid.on('grant.success', ({ oidc }) => log.debug({ client: oidc.client?.clientId }, 'token issued'))
  openid.on('grant.error', ({ oidc }, error) => {
    const { error: code, error_description: reason } = error
    log.info({ client: oidc?.client?.clientId, code, reason }, 'token refused')
  })
  openid.on('server_error', (_context, error) => log.error({ err: error }, 'the identity provider failed'))
  return openid
}

function configuration(keys: readonly SigningKey[]): Configuration {
  const off = { enabled: false }
  return {
    adapter: NoStorage,
    jwks: { keys: keys.map((key) => ({ ...key })) },
    clients: ALL_TENANTS.map(({ name, client }) => ({
      client_id: client.id,
      client_secret: client.secret,
      client_name: name,
      grant_types: ['client_credentials'],
      response_types: [],
      redirect_uris: [],
      token_endpoint_auth_method: 'client_secret_basic',
      id_token_signed_response_alg: SIGNING_ALGORITHM,
    })),
    // No cookie is ever set, but the library warns where it has nothing to sign one with.
    cookies: { keys: [randomUUID()] },
    ttl: { ClientCredentials: (_context, token) => token.resourceServer?.accessTokenTTL ?? TOKEN_SECONDS.default },
    // Asked by servers and terminals, never by a page: no origin is allowed.
    clientBasedCORS: () => false,
    renderError: (context, { error, error_description }) => {
      context.type = 'text'
      context.body = `${error}: ${error_description}\n`
    },
    clientAuthMethods: ['client_secret_basic'],
    responseTypes: [],
    scopes: [...new Set(ALL_TENANTS.flatMap(({ client }) => client.scopes))],
    claims: { openid: ['sub'] },
    features: {
      clientCredentials: { enabled: true },
      devInteractions: off,
      dPoP: off,
      pushedAuthorizationRequests: off,
      resourceIndicators: {
        enabled: true,
        defaultResource: () => GRAPH_AUDIENCE,
        getResourceServerInfo: (context, resource) => graphAsResource(context, resource, keys[0]!.kid),
      },
      rpInitiatedLogout: off,
      userinfo: off,
    },
    extraTokenClaims: (_context, token) => ({ tenant: tenantOfClient(token.clientId).id }),
  }
}

/** What the client of this request gets for the graph. Refuses a resource, a scope or a lifetime that it may not have. */
function graphAsResource(context: KoaContextWithOIDC, resource: string, kid: string): ResourceServer {
  if (resource !== GRAPH_AUDIENCE) {
    throw new errors.InvalidTarget(`the only resource is ${GRAPH_AUDIENCE}, not ${resource}`)
  }
  const { client } = tenantOfClient(context.oidc.client?.clientId)
  const asked = String(context.oidc.params?.scope ?? '')
    .split(' ')
    .filter(Boolean)
  for (const scope of asked) {
    if (!client.scopes.includes(scope)) {
      const may = client.scopes.join(' ') || 'none'
      throw new errors.InvalidScope(
        `the client ${client.id} may not have the scope ${scope}; its scopes: ${may}`,
        scope,
      )
    }
  }
  return {
    audience: GRAPH_AUDIENCE,
    scope: client.scopes.join(' '),
    accessTokenFormat: 'jwt',
    accessTokenTTL: lifetime(context.oidc.body?.ttl),
    jwt: { sign: { alg: SIGNING_ALGORITHM, kid } },
  }
}

/** Reads the request parameter `ttl`, whole seconds. It is ours, not OAuth's: a test wants tokens that end soon. */
function lifetime(ttl: unknown): number {
  if (ttl === undefined) return TOKEN_SECONDS.default
  const seconds = typeof ttl === 'string' && /^\d{1,9}$/.test(ttl) ? Number(ttl) : Number.NaN
  if (!(seconds >= TOKEN_SECONDS.least && seconds <= TOKEN_SECONDS.most)) {
    const range = `${TOKEN_SECONDS.least} to ${TOKEN_SECONDS.most}`
    throw new errors.InvalidRequest(`ttl is a whole number of seconds from ${range}, not "${ttl}"`)
  }
  return seconds
}

function tenantOfClient(clientId: string | undefined): DemoTenant {
  const tenant = ALL_TENANTS.find(({ client }) => client.id === clientId)
  if (!tenant) throw new errors.InvalidClient(`there is no client ${clientId}`)
  return tenant
}

/** JWT access tokens are kept by nobody, and there is nothing else to keep: a look-up finds nothing. */
class NoStorage implements Adapter {
  async upsert() {}
  async find() {
    return undefined
  }
  async findByUserCode() {
    return undefined
  }
  async findByUid() {
    return undefined
  }
  async consume() {}
  async destroy() {}
  async revokeByGrantId() {}
}
