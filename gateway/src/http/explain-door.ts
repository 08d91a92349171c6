import { ADMIN_SCOPE, type Caller } from '@fundmesh/platform/identity/caller'
import type { Logger } from '@fundmesh/platform/telemetry/log'
import type { Plugin } from 'graphql-yoga'
import { z } from 'zod'
import { codedError } from '../errors/catalogue.ts'
import type { Explain } from '../explain/explain.ts'
import { errorResponse } from './error-response.ts'

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

/** `POST /explain`, for administrators. For anybody else it is a path like any that is not there. */
export function useExplain(explain: Explain, callerOf: (request: Request) => Caller | undefined, log: Logger): Plugin {
  return {
    async onRequest({ request, url, endResponse }) {
      if (url.pathname !== path || !callerOf(request)?.scopes.has(ADMIN_SCOPE)) return
      try {
        if (request.method !== 'POST')
          throw codedError('METHOD_NOT_ALLOWED', `${path}: expected the method POST; got ${request.method}`)
        const asked = Asked.safeParse(await request.json().catch(() => undefined))
        if (!asked.success) throw codedError('BAD_REQUEST', `${path}: ${z.prettifyError(asked.error)}`)
        const { as, ...operation } = asked.data
        const { channel, scopes, region, ...who } = as
        const caller = {
          ...who,
          scopes: new Set(scopes),
          ...(region !== undefined && { region }),
          expiresAt: new Date(Date.now() + 60_000),
        }
        endResponse(unstored(Response.json(await explain({ ...operation, method: 'POST' }, { caller, channel }))))
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
