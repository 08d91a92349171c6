/**
 * The HTTP edge. What nearly every client sends, a GraphQL request as JSON by POST, is read and answered here on
 * node:http (lean-post.ts); graphql-yoga does all else (yoga.ts). Both read, refuse and word with the same pieces.
 */
import type { RequestListener } from 'node:http'
import type { Logger } from '@fundmesh/platform/telemetry/log'
import type { Audit } from '../audit/audit.ts'
import type { Explain } from '../explain/explain.ts'
import type { Enter } from '../identity/enter.ts'
import type { Asking, GraphQLRequest } from '../operation/request.ts'
import type { Views } from '../view/views.ts'
import { authentication } from './authentication.ts'
import { isLean, leanPost } from './lean-post.ts'
import type { AnswerResult } from './reply.ts'
import { yogaDoor } from './yoga.ts'

/** Answers a request of a verified caller: a result, or the results of a stream. */
export type Answer = (request: GraphQLRequest, asking: Asking) => Promise<AnswerResult | AsyncIterable<AnswerResult>>

export interface HttpOptions {
  readonly enter: Enter
  readonly views: Pick<Views, 'of'>
  readonly answer: Answer
  readonly audit: Pick<Audit, 'unauthenticated'>
  /** Left out: nothing is granted here that could be explained. */
  readonly explain?: Explain
  readonly corsOrigins: readonly string[]
  readonly csrfPrevention: boolean
  readonly log: Logger
}

export function httpHandler(options: HttpOptions): RequestListener {
  const { enter, audit, answer, corsOrigins, log } = options
  const authenticate = authentication(enter, audit, log)
  const others = yogaDoor({ ...options, authenticate })
  const lean = leanPost({ authenticate, answer, corsOrigins, handOver: others.handOver, log })
  return (request, response) => void (isLean(request) ? lean(request, response) : others.handle(request, response))
}
