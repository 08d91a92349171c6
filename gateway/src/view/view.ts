import type { Schema, Supergraph } from '@apollo/federation-internals'
import type { GraphQLSchema } from 'graphql'
import type { Operation } from '../operation/operation.ts'
import type { GraphQLRequest } from '../operation/request.ts'

/** A part of the graph as it is seen, and what is made from it once for everybody who sees the same. */
export interface ViewedGraph {
  /** SHA-256 of the schema that is seen: equal where two audiences see the same. */
  readonly fingerprint: string
  /** The coordinates of what is not seen (hidden.ts), and the supergraph without it. */
  readonly hidden: ReadonlySet<string>
  readonly supergraph: Supergraph
  /** What is seen, as graphql-js's schema and as the planner's own. */
  readonly schema: GraphQLSchema
  readonly apiSchema: Schema
  /** Object types that an interface or union of the view can turn out to be, and that are not in it (strangers.ts). */
  readonly strangers: ReadonlySet<string>
  /** The schema as a document, without the machinery of federation, and its entity tag for HTTP. */
  readonly sdl: string
  readonly etag: string
}

/** The graph as an audience sees it. What is not in the view was, for that audience, never there. */
export interface View extends ViewedGraph {
  /** The audience's name. For operators: a client never reads it. */
  readonly name: string
  /** Whether the audience may ask for the schema itself. */
  readonly introspection: boolean
  /** Turns a request into an operation that fits the view, or throws the client's mistakes, all with a code. */
  understand(request: GraphQLRequest): Operation
}
