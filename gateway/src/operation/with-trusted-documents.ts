/**
 * Trusted documents: what an app asks is written down beforehand and named by the SHA-256 of its text. A client sends
 * the name, as `documentId: "sha256:<hex>"` (the appendix on persisted documents of GraphQL over HTTP) or as
 * `extensions.persistedQuery.sha256Hash: "<hex>"` (Apollo's form). Nothing is registered by asking, unless the gateway is
 * told to: a name that comes with a text is checked against it and forgotten.
 */
import { createHash } from 'node:crypto'
import { codedError } from '../errors/catalogue.ts'
import type { AutomaticDocuments } from './automatic-documents.ts'
import type { Operation } from './operation.ts'
import type { GraphQLRequest } from './request.ts'

type Understand = (request: GraphQLRequest) => Operation

export interface TrustedDocumentRules {
  /** Texts by the SHA-256 of each, in hexadecimal: those that this audience may ask for. */
  readonly documents: ReadonlyMap<string, string>
  /** Whether nothing else is answered. */
  readonly required: boolean
  /** Where what is asked with its name is remembered; left out: nowhere. */
  readonly automatic?: AutomaticDocuments | undefined
}

/** Understands a trusted document by its name, and, where the audience may, any other by its text. */
export const withTrustedDocuments =
  (understand: Understand, { documents, required, automatic }: TrustedDocumentRules): Understand =>
  (request) => {
    const id = documentId(request)
    if (id === undefined) {
      if (required) throw codedError('TRUSTED_DOCUMENT_REQUIRED')
      const operation = understand(request)
      // Only what was understood is kept: nonsense is not worth a place.
      const hash = automatic && hashOf(request)
      if (hash !== undefined) automatic?.keep(hash, request.query as string)
      return operation
    }
    const query = documents.get(id) ?? (required ? undefined : automatic?.get(id))
    // One answer for a name that nobody gave and for another audience's.
    if (query === undefined) throw codedError('PERSISTED_QUERY_NOT_FOUND')
    return understand({ ...request, query })
  }

/** The hash that stands for the text; undefined where the text itself is there. */
function documentId({ query, documentId, extensions }: GraphQLRequest): string | undefined {
  // A socket's protocol wants a text always: an empty one is none.
  const hasText = query !== undefined && query !== null && query !== ''
  if (documentId !== undefined && documentId !== null) {
    if (typeof documentId !== 'string') throw codedError('BAD_REQUEST', 'documentId: expected a string')
    if (hasText) throw codedError('BAD_REQUEST', 'documentId, query: expected one of them, not both')
    return documentId.replace(/^sha256:/, '')
  }
  const hash = hashOf({ extensions })
  if (hash === undefined) return undefined
  if (!hasText) return hash
  if (createHash('sha256').update(String(query)).digest('hex') !== hash)
    throw codedError('BAD_REQUEST', 'extensions.persistedQuery.sha256Hash: expected the SHA-256 of query')
  return undefined
}

/** The name in Apollo's form. */
function hashOf({ extensions }: Pick<GraphQLRequest, 'extensions'>): string | undefined {
  const hash = (extensions as { persistedQuery?: { sha256Hash?: unknown } } | null | undefined)?.persistedQuery
    ?.sha256Hash
  if (hash === undefined || hash === null) return undefined
  if (typeof hash !== 'string')
    throw codedError('BAD_REQUEST', 'extensions.persistedQuery.sha256Hash: expected a string')
  return hash
}
