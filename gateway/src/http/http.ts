/**
 * The HTTP edge. What nearly every client sends, a GraphQL request as JSON by POST, is read and answered here on
 * node:http (lean-post.ts); graphql-yoga does all else (yoga.ts). Both read, refuse and word with the same pieces.
 */
import type { RequestListener } from 'node:http'
import { authentication } from './authentication.ts'
import { isLean, leanPost } from './lean-post.ts'
import type { Answer, HttpOptions } from './options.ts'
import { yogaDoor } from './yoga.ts'

export type { Answer }

export function httpHandler(options: HttpOptions): RequestListener {
  const { enter, audit, answer, corsOrigins, log } = options
  const authenticate = authentication(enter, audit, log)
  const others = yogaDoor({ ...options, authenticate })
  const lean = leanPost({ authenticate, answer, corsOrigins, handOver: others.handOver, log })
  return (request, response) => {
    if (!isLean(request)) return others.handle(request, response)
    lean(request, response).catch((error) => {
      log.error({ err: error }, 'an answer could not be written')
      response.destroy()
    })
  }
}
