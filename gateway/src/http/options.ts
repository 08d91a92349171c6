import type { Logger } from '@fundmesh/platform/telemetry/log'
import type { Audit } from '../audit/audit.ts'
import type { Explain } from '../explain/explain.ts'
import type { Enter } from '../identity/enter.ts'
import type { Asking, GraphQLRequest } from '../operation/request.ts'
import type { Views } from '../view/views.ts'
import type { AnswerResult } from './reply.ts'

/** Answers a request of a verified caller: a result, or the results of a stream. */
export type Answer = (request: GraphQLRequest, asking: Asking) => Promise<AnswerResult | AsyncIterable<AnswerResult>>

export interface HttpOptions {
  readonly enter: Enter
  readonly views: Pick<Views, 'of'>
  readonly answer: Answer
  readonly audit: Pick<Audit, 'unauthenticated' | 'explained' | 'room'>
  /** Left out: nothing is granted here that could be explained. */
  readonly explain?: Explain
  readonly corsOrigins: readonly string[]
  readonly csrfPrevention: boolean
  readonly log: Logger
}
