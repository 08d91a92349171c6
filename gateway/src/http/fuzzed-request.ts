/** HTTP requests that a client, a broken one or an attacker might send: sound ones, and what random damage makes of them. */
import type { Random } from '@fundmesh/platform/testing/random'

export interface FuzzedRequest {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
  /** What becomes of it on the way: sent whole, given up in the middle, or as bytes that are hardly HTTP. */
  readonly fate: 'whole' | 'abandoned' | 'garbled'
}

export const fuzzedGraph = `
  type Query { thing(id: ID!, filter: Filter, at: Float): Thing things(first: Int = 3): [Thing!] any: Any }
  type Mutation { change(id: ID!, to: Kind): Thing }
  type Thing @key(fields: "id") { id: ID! name(length: Int, of: [[String]]): String kind: Kind next: Thing any: Any }
  type Other { text: String thing: Thing }
  union Any = Thing | Other
  enum Kind { GOOD BAD }
  input Filter { name: String, kinds: [Kind!], and: [Filter!], exactly: Boolean! = true }
`

const documents = [
  '{ __typename }',
  '{ thing(id: "1") { id name kind } }',
  'query Q($id: ID!, $f: Filter) { thing(id: $id, filter: $f) { ...T next { ...T } } } fragment T on Thing { id name(length: 3) }',
  'query A { things { id } } query B { any { __typename ... on Thing { id } ... on Other { text } } }',
  'query ($n: Int = 2, $s: Boolean!) { things(first: $n) @skip(if: $s) { any { __typename } a: id b: id @include(if: $s) } }',
  'mutation M($k: Kind) { change(id: 7, to: $k) { kind } }',
  '{ __schema { types { name fields { name type { name ofType { name } } } } } __type(name: "Thing") { kind } }',
  'subscription { ticks }',
]
const words = [
  '{',
  '}',
  '(',
  ')',
  '[',
  ']',
  ':',
  '!',
  '$',
  '@',
  '|',
  '&',
  '=',
  '...',
  '"',
  '"""',
  '#',
  ',',
  '\\',
  '\n',
  '\u0000',
  '\ufeff',
  '\ud800',
  'query',
  'mutation',
  'subscription',
  'fragment',
  'on',
  'true',
  'null',
  'thing',
  'things',
  'any',
  'id',
  '__proto__',
  'constructor',
  '__typename',
  '__schema',
  '@skip(if: true)',
  '@include(if: $s)',
  '@defer',
  '$id',
  '$f',
  '1',
  '-0',
  '1e999',
  '99999999999999999999',
  '"\\u{110000}"',
  '"\\ud800"',
  '{ name: "x" }',
  '[[[]]]',
  'Thing',
  'Filter',
  'GOOD',
  '🏃',
]
const texts = ['', '1', 'B', 'Q', 'a'.repeat(300), '\u0000', '__proto__', 'sha256:0', '🏃', '\ud800']
const contentTypes = [
  'application/json',
  'application/json; charset=utf-8',
  'application/json; charset=latin1',
  'application/graphql+json',
  'application/graphql',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'multipart/form-data',
  'text/plain',
  'application/json, text/plain',
  ';',
  '',
]
const accepts = [
  '*/*',
  'application/json',
  'application/graphql-response+json',
  'application/graphql-response+json;q=0.5, application/json;q=2',
  'text/html',
  'text/event-stream',
  'multipart/mixed',
  'application/*;q=0',
  ';;,;q=,,',
  'application/json;q=nan',
  '',
]
const paths = [
  '/graphql',
  '/graphql',
  '/graphql',
  '/graphql?',
  '/graphql/',
  '//graphql',
  '/',
  '/schema.graphql',
  '/explain',
  '/health',
  '/%',
  '/graphql?query=%ff',
]

export function fuzzedRequest(by: Random): FuzzedRequest {
  const method = by.chance(0.85) ? 'POST' : by.pick(['GET', 'GET', 'PUT', 'DELETE', 'OPTIONS', 'PATCH', 'HEAD'])
  const request = requestObject(by)
  const path = by.chance(0.8) ? '/graphql' : by.pick(paths)
  const hasBody = method !== 'GET' && method !== 'HEAD'
  const headers: Record<string, string> = {
    'content-type': by.chance(0.85) ? 'application/json' : by.pick(contentTypes),
  }
  if (by.chance(0.3)) headers.accept = by.pick(accepts)
  if (by.chance(0.1)) headers.origin = by.pick(['https://page.example', 'null', 'x'])
  if (by.chance(0.1)) headers.authorization = by.pick(['Bearer x', 'Bearer', 'Basic x', 'Bearer a, Bearer b'])
  if (by.chance(0.05)) headers['x-fundmesh-consistency'] = by.pick(['x', '{}', '1'.repeat(500)])
  if (by.chance(0.05)) headers['content-encoding'] = by.pick(['gzip', 'br', 'identity', 'x'])
  if (by.chance(0.05)) headers['graphql-require-preflight'] = '1'
  return {
    method,
    path: !hasBody && by.chance(0.8) ? `${path}?${queryString(request, by)}` : path,
    headers,
    body: hasBody ? body(request, by) : Buffer.alloc(0),
    fate: by.chance(0.96) ? 'whole' : by.pick(['abandoned', 'garbled']),
  }
}

function requestObject(by: Random): Record<string, unknown> {
  const request: Record<string, unknown> = { query: by.chance(0.4) ? by.pick(documents) : damagedDocument(by) }
  if (by.chance(0.5))
    request.variables = { id: '1', s: by.chance(0.5), f: by.chance(0.5) ? { name: 'x' } : value(by, 3) }
  if (by.chance(0.2)) request.operationName = by.pick(texts)
  if (by.chance(0.2))
    request.extensions = { knownAt: by.pick(texts), persistedQuery: value(by, 2), trace: value(by, 1) }
  if (by.chance(0.1))
    request[by.pick(['query', 'variables', 'operationName', 'extensions', 'documentId', 'qeury', '__proto__'])] = value(
      by,
      3,
    )
  return request
}

function damagedDocument(by: Random): string {
  const tokens = by.pick(documents).split(/\b|(?=\W)/)
  for (let damage = 1 + by.below(4); damage > 0; damage--) {
    const at = by.below(tokens.length + 1)
    if (by.chance(0.4)) tokens.splice(at, 1 + by.below(2))
    else if (by.chance(0.7)) tokens.splice(at, 0, ' ', by.pick(words), ' ')
    else tokens.splice(at, 0, ...tokens.slice(by.below(tokens.length + 1)))
  }
  return tokens.join('')
}

/** Any JSON value, up to a depth. */
function value(by: Random, depth: number): unknown {
  const leaf = () => by.pick<unknown>([null, true, false, 0, -1, 1.5, 1e300, ...texts, 'GOOD'])
  if (depth === 0 || by.chance(0.4)) return leaf()
  if (by.chance(0.4)) return Array.from({ length: by.below(4) }, () => value(by, depth - 1))
  return Object.fromEntries(
    Array.from({ length: by.below(4) }, () => [
      by.pick(['name', 'kinds', 'and', 'id', 'sha256Hash', '__proto__', '']),
      value(by, depth - 1),
    ]),
  )
}

function queryString(request: Record<string, unknown>, by: Random): string {
  const parameters = Object.entries(request).map(([name, given]) => [
    name,
    typeof given === 'string' ? given : JSON.stringify(given),
  ])
  const text = String(new URLSearchParams(parameters))
  // A blank would end the path.
  return by.chance(0.2) ? damagedText(text, by).replace(/[^!-~]/g, '%') : text
}

function body(request: Record<string, unknown>, by: Random): Buffer {
  if (by.chance(0.01)) return Buffer.from('['.repeat(20_000))
  if (by.chance(0.002)) return Buffer.alloc(1_100_000, ' ')
  const text = JSON.stringify(
    by.chance(0.05) ? by.pick<unknown>([[request], [], null, 1, 'x', { batch: [request] }]) : request,
  )
  const bytes = Buffer.from(by.chance(0.15) ? damagedText(text, by) : text)
  if (by.chance(0.05))
    for (let damage = 1 + by.below(5); damage > 0 && bytes.length > 0; damage--)
      bytes[by.below(bytes.length)] = by.below(256)
  return by.chance(0.05) ? bytes.subarray(0, by.below(bytes.length + 1)) : bytes
}

function damagedText(text: string, by: Random): string {
  const at = by.below(text.length + 1)
  return (
    text.slice(0, at) +
    by.pick(['', '%', '"', '{', '}', '\u0000', '\\', '&', '\\u0000', '\\ud800']) +
    text.slice(at + by.below(5))
  )
}
