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
  const download = (request: Request, caller: Caller): Response => {
    try {
      if (request.method !== 'GET' && request.method !== 'HEAD')
        throw codedError('METHOD_NOT_ALLOWED', `${path}: expected the method GET or HEAD; got ${request.method}`)
      const { sdl, etag, introspection } = views.of(caller)
      if (!introspection) throw codedError('FORBIDDEN')
      if (hasTag(request.headers.get('if-none-match'), etag))
        return new Response(null, { status: 304, headers: { etag } })
      return new Response(request.method === 'HEAD' ? null : sdl, {
        headers: { etag, 'content-type': 'application/graphql; charset=utf-8' },
      })
    } catch (error) {
      const refused = errorResponse(error, log)
      if (refused.status === 405) refused.headers.set('allow', 'GET, HEAD')
      return refused
    }
  }
  return {
    onRequest({ request, url, endResponse }) {
      const caller = callerOf(request)
      if (url.pathname !== path || !caller) return
      endResponse(download(request, caller))
    },
    // Here, behind CORS, which sets a `vary` of its own.
    onResponse({ request, response }) {
      if (new URL(request.url).pathname !== path) return
      response.headers.set('cache-control', 'private, no-cache')
      response.headers.append('vary', 'Authorization')
    },
  }
}

/** Whether If-None-Match names the tag; the comparison is the weak one, as the header wants it. */
const hasTag = (ifNoneMatch: string | null, etag: string): boolean =>
  (ifNoneMatch ?? '')
    .split(',')
    .map((tag) => tag.trim().replace(/^W\//, ''))
    .some((tag) => tag === '*' || tag === etag)
