import type { Caller } from '@fundmesh/platform/identity/caller'

/** What a client asked, before anything in it was believed. */
export interface GraphQLRequest {
  readonly query: unknown
  readonly operationName?: unknown
  readonly variables?: unknown
  readonly extensions?: unknown
  /** HTTP's GET may only read. */
  readonly method: string
}

/** Who asked, verified, and the moment. */
export interface Asking {
  readonly caller: Caller
  /** Aborted when the client goes away. */
  readonly signal: AbortSignal
}
