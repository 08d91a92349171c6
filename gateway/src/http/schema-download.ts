import type { Caller } from '@fundmesh/platform/identity/caller'
import type { Logger } from '@fundmesh/platform/telemetry/log'
import type { Plugin } from 'graphql-yoga'
import { codedError } from '../errors/catalogue.ts'
import type { Views } from '../view/views.ts'
import { errorResponse } from './error-response.ts'

const path = '/schema.graphql'

/** `GET /schema.graphql`: the schema that the caller sees, with an entity tag for those who have it already (RFC 9110). */
export function useSchemaDownload(
  views: Pick<Views, 'of'>,
  callerOf: (request: Request) => Caller | undefined,
  log: Logger,
): Plugin {
  return {
    onRequest({ request, url, endResponse }) {
      const caller = callerOf(request)
      if (url.pathname !== path || !caller) return
      // Of one path and different callers: a cache that several share must not mix them.
      const headers = { 'cache-control': 'private, no-cache', vary: 'Authorization' }
      try {
        if (request.method !== 'GET' && request.method !== 'HEAD')
          throw codedError('METHOD_NOT_ALLOWED', `${path}: expected the method GET or HEAD; got ${request.method}`)
        const { sdl, etag, introspection } = views.of(caller)
        if (!introspection) throw codedError('FORBIDDEN')
        const known = hasTag(request.headers.get('if-none-match'), etag)
        endResponse(
          new Response(known || request.method === 'HEAD' ? null : sdl, {
            status: known ? 304 : 200,
            headers: { ...headers, etag, ...(!known && { 'content-type': 'application/graphql; charset=utf-8' }) },
          }),
        )
      } catch (error) {
        endResponse(
          errorResponse(error, log, (status) => ({ ...headers, ...(status === 405 && { allow: 'GET, HEAD' }) })),
        )
      }
    },
  }
}

/** Whether If-None-Match names the tag; the comparison is the weak one, as the header wants it. */
const hasTag = (ifNoneMatch: string | null, etag: string): boolean =>
  (ifNoneMatch ?? '')
    .split(',')
    .map((tag) => tag.trim().replace(/^W\//, ''))
    .some((tag) => tag === '*' || tag === etag)
