import type { Plugin } from 'graphql-yoga'
import { codedError } from '../errors/catalogue.ts'

/** Content types that a page of any origin may send without asking first (Fetch standard, CORS-safelisted request-header). */
const simple = new Set(['', 'application/x-www-form-urlencoded', 'multipart/form-data', 'text/plain'])

/** Headers that a browser sends to another origin only after it was allowed to, whatever they say. */
const proofs = ['graphql-require-preflight', 'apollo-require-preflight', 'x-apollo-operation-name']

/**
 * Refuses what a browser could have sent for a page of another origin without asking first. A token is presented in a
 * header that forces it to ask; a GET with one only reads, and no other origin can read its answer. For a POST that is not
 * enough: a proxy before us may have put the token there, out of a cookie.
 */
export function useCsrfPrevention(): Plugin {
  return {
    onRequestParse({ request: { method, headers } }) {
      if (method !== 'POST' && (method !== 'GET' || headers.has('authorization'))) return
      const contentType = mediaType(headers.get('content-type'))
      if (!simple.has(contentType) || proofs.some((name) => headers.get(name))) return
      throw codedError(
        'CSRF_PREVENTED',
        `content-type: expected application/json, or one of the headers ${proofs.join(', ')}; got ${contentType || 'none'}`,
      )
    },
  }
}

/** The type alone. Of a list, which is not allowed, browsers may have sent any. */
const mediaType = (header: string | null): string =>
  /^[^;,]*/
    .exec(header ?? '')![0]
    .trim()
    .toLowerCase()
