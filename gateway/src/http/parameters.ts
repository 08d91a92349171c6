import { codedError } from '../errors/catalogue.ts'
import type { GraphQLRequest } from '../operation/request.ts'

/** The parameters of a GraphQL request, as they stand in a body or a query string. Nothing of their values is believed. */
export type Parameters = Pick<GraphQLRequest, 'query' | 'documentId' | 'operationName' | 'variables' | 'extensions'>

const names: ReadonlySet<string> = new Set(['query', 'documentId', 'operationName', 'variables', 'extensions'])

/** Reads a decoded body. A list of requests is refused, and a parameter that nobody reads: what is meant by it would not happen. */
export function parametersOf(body: unknown): Parameters {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    const got = Array.isArray(body) ? 'a list' : body === null ? 'null' : typeof body
    throw codedError('BAD_REQUEST', `body: expected one GraphQL request as an object; got ${got}`)
  }
  const sent = body as Record<string, unknown>
  const unknown = Object.keys(sent).find((name) => !names.has(name) && sent[name] != null)
  if (unknown !== undefined)
    throw codedError('BAD_REQUEST', `expected the parameters ${[...names].join(', ')}; got ${unknown.slice(0, 80)}`)
  return {
    query: own(sent, 'query'),
    documentId: own(sent, 'documentId'),
    operationName: own(sent, 'operationName'),
    variables: own(sent, 'variables'),
    extensions: own(sent, 'extensions'),
  }
}

/** JSON makes `__proto__` a key like any other; a parser that does not must not give us one. */
const own = (sent: Record<string, unknown>, name: string): unknown =>
  Object.hasOwn(sent, name) ? sent[name] : undefined
