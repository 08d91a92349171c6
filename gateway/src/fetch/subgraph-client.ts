/** The contract between the executor and what asks the subgraphs (transport/). */
import type { ErrorCode } from '../errors/catalogue.ts'

/** One question to one subgraph. */
export interface SubgraphRequest {
  readonly query: string
  readonly operationName: string | undefined
  readonly variables: Readonly<Record<string, unknown>>
  /** The variables as JSON text, where they were written already. */
  readonly variablesText?: string | undefined
  /** The sealed passport: who asks, and as of when. Undefined: the subgraph is not told. */
  readonly passport: string | undefined
  /** For a subscription's operation: the event that its root field resolves to, by the field's name. */
  readonly event?: Readonly<Record<string, unknown>> | undefined
  /**
   * On whose behalf, in one text: all that may change the answer beside the document and the variables (the passport's
   * tenant, subject, client, scopes, region and channel, the rights' fingerprint, knownAt, atLeastEpoch, headers that are
   * forwarded). Questions in flight that are equal, also in this, are asked once. Undefined: never shared.
   */
  readonly flight?: string | undefined
  /**
   * Whose question it is (the tenant's): those of different parties never wait behind each other on one connection, so
   * that no subgraph that answers out of turn gives one tenant what is another's. Undefined: nobody else's, where there
   * is a passport; everybody's where there is none.
   */
  readonly party?: string | undefined
  readonly signal: AbortSignal
}

/** What a subgraph answered: well-formed, and not yet believed any further. */
export interface SubgraphAnswer {
  readonly data: Record<string, unknown> | null
  readonly errors: readonly SubgraphError[]
  /**
   * Whether its text had no backslash: then no string in it has anything that JSON escapes, and each may be written as it
   * stands. Quotes, backslashes and control characters cannot be in JSON without one, and halves of surrogate pairs are
   * not in what was UTF-8.
   */
  readonly isPlain?: boolean | undefined
}
export interface SubgraphError {
  readonly message: string
  readonly code: unknown
  readonly path: readonly (string | number)[] | undefined
}

/** A subgraph gave no answer that can be used. */
export class SubgraphFailure extends Error {
  readonly code: ErrorCode
  constructor(code: ErrorCode, subgraph: string, reason: string) {
    super(`${subgraph}: ${reason}`)
    this.name = 'SubgraphFailure'
    this.code = code
  }
}

export interface SubgraphClient {
  /** Rejects with a SubgraphFailure only. */
  ask(request: SubgraphRequest): Promise<SubgraphAnswer>
}

/** Codes with which a subgraph says that it cannot decide now what may be read, of a request or of a field. */
const undecided = new Set(['SERVICE_UNAVAILABLE', 'CONSISTENCY_TIMEOUT'] as const)

export const isUndecided = (code: unknown): code is 'SERVICE_UNAVAILABLE' | 'CONSISTENCY_TIMEOUT' =>
  (undecided as ReadonlySet<unknown>).has(code)
