/** GraphiQL for the demo, from our own packages: it works without a network. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { Logger } from '@fundmesh/platform/telemetry/log'
import { CommandError } from '../command-line.ts'
import { DEMO_TENANTS, type DemoTenant } from '../demo-tenants.ts'
import { listen } from '../http-listener.ts'

export interface GraphiQLOptions {
  readonly host: string
  /** 0 takes any free port. */
  readonly port: number
  /** The gateway's GraphQL address, as the browser reaches it. It must allow this page's origin. */
  readonly gatewayUrl: string
  /** A fresh access token of a demo tenant, by the tenant's id. */
  readonly token: (tenant: string) => Promise<string>
  readonly log: Logger
}

export interface GraphiQLServer {
  readonly url: string
  close(): Promise<void>
}

interface Answer {
  readonly status: number
  readonly headers?: Record<string, string>
  readonly body: string
}

/** Starts the page. Rejects with one sentence when the port is taken. */
export async function startGraphiQL(options: GraphiQLOptions): Promise<GraphiQLServer> {
  const server = createServer((request, response) => {
    answer(request, options).then(
      (given) => send(response, given),
      (error: Error) => {
        const known = error instanceof CommandError
        if (!known) options.log.error({ err: error }, 'the GraphiQL page failed')
        send(response, { status: known ? 503 : 500, body: known ? error.message : 'The page could not be made.' })
      },
    )
  })
  return listen(server, { host: options.host, port: options.port, what: 'The GraphiQL page' })
}

async function answer(request: IncomingMessage, { gatewayUrl, token }: GraphiQLOptions): Promise<Answer> {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://page')
  if (pathname !== '/') return { status: 404, body: 'GraphiQL is at /?tenant=alder.' }
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    return { status: 405, headers: { allow: 'GET, HEAD' }, body: 'GraphiQL is a page: GET it.' }
  }
  const id = searchParams.get('tenant')
  if (id === null) return { status: 302, headers: { location: `/?tenant=${DEMO_TENANTS[0]!.id}` }, body: '' }
  const tenant = DEMO_TENANTS.find((candidate) => candidate.id === id)
  if (!tenant) return { status: 404, body: `There is no such demo tenant; there are ${names(DEMO_TENANTS)}.` }
  // GraphiQL is one module of nine megabytes: it is read when the page is first asked for.
  const { graphiqlPage } = await import('./page.ts')
  return {
    status: 200,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': contentSecurityPolicy(gatewayUrl),
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
    },
    body: graphiqlPage({ tenant, token: await token(tenant.id), gatewayUrl }),
  }
}

/** The browser itself sees to it that the page loads nothing from elsewhere and talks to the gateway only. */
function contentSecurityPolicy(gatewayUrl: string): string {
  return [
    "default-src 'none'",
    "script-src 'unsafe-inline' blob:",
    'worker-src blob:',
    "style-src 'unsafe-inline'",
    'font-src data:',
    'img-src data:',
    `connect-src ${new URL(gatewayUrl).origin}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
}

function send(response: ServerResponse, { status, headers, body }: Answer): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', ...headers })
  response.end(response.req.method === 'HEAD' ? undefined : body)
}

function names(tenants: readonly DemoTenant[]): string {
  return tenants.map(({ id }) => id).join(', ')
}
