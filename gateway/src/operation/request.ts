import type { Channel } from '@fundmesh/platform/grants/reading'
import type { Caller } from '@fundmesh/platform/identity/caller'
import type { OnRenewal } from '../identity/session.ts'

/** What a client asked, before anything in it was believed. */
export interface GraphQLRequest {
  readonly query: unknown
  /** Stands for the text where it is a trusted document's. */
  readonly documentId?: unknown
  readonly operationName?: unknown
  readonly variables?: unknown
  readonly extensions?: unknown
  /** The consistency token of the HTTP header. */
  readonly consistency?: unknown
  /** HTTP's GET may only read. */
  readonly method: string
}

/** Who asked, verified, and the moment. */
export interface Asking {
  readonly caller: Caller
  /** Where the caller may come with another token while the answer lasts: told who it is then. */
  readonly onRenewal?: OnRenewal
  /** How the answer leaves. */
  readonly channel: Channel
  /** The tenant's entitlement epoch that the answer must know of at least; 0: any. */
  readonly atLeastEpoch: number
  /** Headers that a stage adds to an HTTP answer; over a socket nobody reads them. */
  readonly replyHeaders: Map<string, string>
  /** Aborted when the client goes away. */
  readonly signal: AbortSignal
}
