import type { AuthorizationMode } from '../permit.ts'
import type { Subgraph, Who } from './graph.ts'

/** One question to a graph, and all that may come of it. */
export interface Case {
  readonly it: string
  readonly query: string
  readonly who?: Who
  readonly variables?: object
  readonly mode?: AuthorizationMode
  /** Undefined: no data at all. */
  readonly data?: unknown
  /** Paths of UNAUTHORIZED_FIELD_OR_TYPE, in any order. */
  readonly denied?: readonly string[]
  /** What no document or variable that was sent may hold, besides what the directives say. */
  readonly unsent?: RegExp
  /** The number of requests to subgraphs. */
  readonly fetches?: number
}

export interface CaseGraph {
  readonly name: string
  readonly subgraphs: Readonly<Record<string, Subgraph>>
  readonly cases: readonly Case[]
}

export const anybody: Who = {}
export const somebody: Who = { token: true }
export const withScopes = (...scopes: readonly string[]): Who => ({ scopes })
export const withPolicies = (...policies: readonly string[]): Who => ({ policies })

/** `[values]` by id, as a subgraph's store. */
export const byId = <T extends { id: string }>(...things: readonly T[]) => {
  const all = new Map(things.map((thing) => [thing.id, thing]))
  return ({ id }: { id: string }): T | null => all.get(id) ?? null
}
