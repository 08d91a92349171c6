import { ADMIN_SCOPE, type Caller } from '@fundmesh/platform/identity/caller'
import type { Logger } from '@fundmesh/platform/telemetry/log'
import type { Plugin } from 'graphql-yoga'
import { z } from 'zod'
import type { Audit } from '../audit/audit.ts'
import { codedError } from '../errors/catalogue.ts'
import type { Explain } from '../explain/explain.ts'
import { errorResponse } from './error-response.ts'
import { bodyBytes, parsedBody } from './json-body.ts'
import { nodeRequest } from './node-request.ts'

const path = '/explain'

/** The operation, and whom to think of as its caller. */
const Asked = z.strictObject({
  query: z.string(),
  operationName: z.string().optional(),
  variables: z.record(z.string(), z.unknown()).optional(),
  as: z.strictObject({
    tenant: z.string(),
    subject: z.string().default('somebody'),
    client: z.string().default('somebody'),
    scopes: z.array(z.string()).default([]),
    region: z.string().optional(),
    channel: z.enum(['GRAPHQL', 'STREAM']).default('GRAPHQL'),
  }),
})

/** `POST /explain`, for administrators. For anybody else it is a path like any that is not there. Who asked what is recorded. */
export function useExplain(options: {
  readonly explain: Explain
  readonly audit: Pick<Audit, 'explained' | 'room'>
  readonly callerOf: (request: Request) => Caller | undefined
  readonly log: Logger
}): Plugin {
  const { explain, audit, callerOf, log } = options
  return {
    async onRequest({ request, serverContext, url, endResponse }) {
      const by = callerOf(request)
      if (url.pathname !== path || !by?.scopes.has(ADMIN_SCOPE)) return
      try {
        if (request.method !== 'POST')
          throw codedError('METHOD_NOT_ALLOWED', `${path}: expected the method POST; got ${request.method}`)
        if (!audit.room()) throw codedError('SERVICE_UNAVAILABLE')
        const body = await bodyBytes(nodeRequest(serverContext))
        if (!body) return
        const asked = Asked.safeParse(parsedBody(body))
        if (!asked.success) throw codedError('BAD_REQUEST', `${path}: ${z.prettifyError(asked.error)}`)
        const { as, ...operation } = asked.data
        const { channel, scopes, region, ...who } = as
        const caller = {
          ...who,
          scopes: new Set(scopes),
          ...(region !== undefined && { region }),
          expiresAt: new Date(Date.now() + 60_000),
        }
        const explained = { ...operation, method: 'POST' } as const
        const explanation = await explain(explained, { caller, channel })
        audit.explained(explained, { by, as: { caller, channel }, decision: explanation.decision })
        endResponse(unstored(Response.json(explanation)))
      } catch (error) {
        endResponse(unstored(errorResponse(error, log)))
      }
    },
  }
}

function unstored(response: Response): Response {
  response.headers.set('cache-control', 'no-store')
  return response
}
