import type { DocumentNode, FragmentDefinitionNode, OperationDefinitionNode } from 'graphql'

/** An operation that fits the schema, with variables of the right types. */
export interface Operation {
  /** The fingerprint of the view that it was understood against: planned and answered within it. */
  readonly view: string
  /** SHA-256 of the document and the operation's name. */
  readonly hash: string
  /** The document with its aliases renamed (aliases.ts). */
  readonly document: DocumentNode
  readonly definition: OperationDefinitionNode
  readonly fragments: Readonly<Record<string, FragmentDefinitionNode>>
  readonly variables: Readonly<Record<string, unknown>>
  /** The instant whose knowledge answers the whole operation: one operation, one `knownAt`. */
  readonly knownAt: string
  /** Whether that is now, as the client fixed none. */
  readonly isOfNow: boolean
}
