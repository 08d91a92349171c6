/** The attack matrix, through the real door: each attack is refused with its code and its number, and nothing else happens. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { type TestMesh, testMesh } from '../mesh.ts'
import { socketUrl } from '../streams.ts'

const times = (count: number, text: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => text(index)).join(' ')
const nested = (depth: number) =>
  `{ funds ${'{ nodes { shareClasses '.repeat(depth)}{ nodes { id } }${' } }'.repeat(depth)} }`
const deep = (depth: number): object => (depth === 0 ? {} : { asOf: deep(depth - 1) })
const byVariables = (variables: object) => ({
  query:
    'query ($asOf: AsOfInput, $ids: [ID!]) { shareClasses(ids: $ids) { nodes { nav(asOf: $asOf) { navPrice } } } }',
  variables,
})
const bytes = (text: string) => Buffer.from(text, 'latin1')
const json = { 'content-type': 'application/json' }

/** What is sent: a GraphQL request as JSON, or a whole HTTP request to a path. */
type Attack =
  | { readonly query: unknown; readonly [more: string]: unknown }
  | { readonly path?: string; readonly send: RequestInit }

interface Refusal {
  readonly status: number
  readonly code: string
  /** Of a limit: its name and what is allowed. */
  readonly limit?: string
  readonly allowed?: number
}
const tooComplex = (limit: string, allowed: number): Refusal => ({
  status: 400,
  code: 'OPERATION_TOO_COMPLEX',
  limit,
  allowed,
})
const refused = (status: number, code: string): Refusal => ({ status, code })

const matrix: readonly [name: string, attack: Attack, refusal: Refusal][] = [
  ['aliases', { query: `{ me { ${times(201, (i) => `a${i}: id`)} } }` }, tooComplex('aliases', 200)],
  [
    'aliases of an expensive root',
    { query: `{ ${times(51, (i) => `a${i}: funds { nodes { id } }`)} }` },
    tooComplex('rootFields', 50),
  ],
  ['one field again and again', { query: `{ me { ${times(2_000, () => 'id')} } }` }, tooComplex('selections', 2_000)],
  [
    'the same pair to be compared again and again',
    { query: `{ ${times(70, () => 'me { id }')} }` },
    tooComplex('rootFields', 50),
  ],
  [
    'fields that must be merged',
    { query: `{ me { ${times(100, () => 'id')} } }` },
    tooComplex('repeatedFields', 2_000),
  ],
  ['depth', { query: nested(10) }, tooComplex('depth', 20)],
  ['brackets', { query: '{ me'.repeat(5_000) }, tooComplex('nesting', 100)],
  ['lists in a value', { query: `{ shareClasses(ids: ${'['.repeat(50_000)}` }, tooComplex('nesting', 100)],
  ['words', { query: `{ ${'me '.repeat(300_000)}}` }, tooComplex('tokens', 10_000)],
  [
    'directives at a field',
    { query: `{ me { id ${'@skip(if: false) '.repeat(5_000)}} }`.slice(0, 900_000) },
    tooComplex('tokens', 10_000),
  ],
  [
    'unknown directives at a field',
    { query: `{ me { id ${times(500, (i) => `@a${i}`)} } }` },
    tooComplex('directivesPerNode', 10),
  ],
  [
    'directives everywhere',
    { query: `{ ${times(6, (i) => `a${i}: me { ${times(20, (j) => `b${j}: id @include(if: true)`)} }`)} }` },
    tooComplex('directives', 100),
  ],
  [
    'a fragment bomb',
    {
      query: `{ ...F0 } ${times(60, (i) => `fragment F${i} on Query { ...F${i + 1} ...F${i + 1} }`)} fragment F60 on Query { me { id } }`,
    },
    tooComplex('selections', 2_000),
  ],
  [
    'fragments in a circle',
    { query: '{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }' },
    refused(400, 'GRAPHQL_VALIDATION_FAILED'),
  ],
  [
    'introspection within introspection',
    { query: `{ __schema { types ${'{ fields { type '.repeat(6)}{ name }${' } }'.repeat(6)} } }` },
    tooComplex('introspectionDepth', 2),
  ],
  [
    'operations',
    { query: times(51, (i) => `query Q${i} { me { id } }`), operationName: 'Q0' },
    tooComplex('operations', 50),
  ],
  [
    'operations of one name',
    { query: 'query A { me { id } } query A { tenants { id } }', operationName: 'A' },
    refused(400, 'GRAPHQL_VALIDATION_FAILED'),
  ],
  [
    'an operation that is not there',
    { query: 'query A { me { id } }', operationName: '__proto__' },
    refused(400, 'BAD_REQUEST'),
  ],
  [
    'values in the variables',
    byVariables({ asOf: { validAt: Array.from({ length: 20 }, () => Array(600).fill(1)) } }),
    tooComplex('variableValues', 10_000),
  ],
  ['objects within each other in the variables', byVariables({ asOf: deep(50) }), tooComplex('variableDepth', 10)],
  [
    'lists within each other in the variables',
    {
      send: {
        method: 'POST',
        headers: json,
        body: `{"query":"{ me { id } }","variables":{"ids":${'['.repeat(200_000)}${']'.repeat(200_000)}}}`,
      },
    },
    tooComplex('variableDepth', 10),
  ],
  ['a list in the variables', byVariables({ ids: Array(1_001).fill('x') }), tooComplex('listItems', 1_000)],
  [
    'a list in the document',
    { query: `{ shareClasses(ids: [${times(1_001, () => '"x"')}]) { nodes { id } } }` },
    tooComplex('listItems', 1_000),
  ],
  [
    '__proto__ in the variables',
    {
      send: {
        method: 'POST',
        headers: json,
        body: '{"query":"query ($a: AsOfInput) { shareClass(id: \\"x\\") { nav(asOf: $a) { navPrice } } }","variables":{"a":{"__proto__":{"validAt":"2020-01-01"}}}}',
      },
    },
    refused(400, 'BAD_USER_INPUT'),
  ],
  [
    '__proto__ as a variable',
    { query: 'query ($__proto__: AsOfInput) { me { id } }' },
    refused(400, 'GRAPHQL_VALIDATION_FAILED'),
  ],
  [
    '__proto__ as the whole request',
    { send: { method: 'POST', headers: json, body: '{"__proto__":{"query":"{ me { id } }"}}' } },
    refused(400, 'BAD_REQUEST'),
  ],
  [
    'a page of everything of everything',
    {
      query:
        '{ funds(first: 1000) { nodes { shareClasses(first: 1000) { nodes { navHistory(first: 1000) { nodes { navPrice } } } } } } }',
    },
    { status: 400, code: 'COST_LIMIT_EXCEEDED', limit: 'operationCost', allowed: 2_000_000 },
  ],
  [
    'a page that is larger than any number',
    { query: '{ funds(first: 2147483647) { nodes { id } } }' },
    { status: 400, code: 'COST_LIMIT_EXCEEDED', limit: 'operationCost', allowed: 2_000_000 },
  ],
  [
    'a list of operations',
    { send: { method: 'POST', headers: json, body: '[{"query":"{ me { id } }"},{"query":"{ me { id } }"}]' } },
    refused(400, 'BAD_REQUEST'),
  ],
  [
    'a mutation by GET',
    { path: `?query=${encodeURIComponent('mutation { revoke(grantId: "x", reason: "y") { epoch } }')}`, send: {} },
    refused(400, 'GRAPHQL_VALIDATION_FAILED'),
  ],
  [
    'a form of another page',
    {
      send: {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: 'query={me{id}}',
      },
    },
    refused(400, 'CSRF_PREVENTED'),
  ],
  [
    'text of another page',
    { send: { method: 'POST', headers: { 'content-type': 'text/plain' }, body: '{"query":"{ me { id } }"}' } },
    refused(400, 'CSRF_PREVENTED'),
  ],
  [
    'a form with files of another page',
    { send: { method: 'POST', body: new FormData() } },
    refused(400, 'CSRF_PREVENTED'),
  ],
  [
    'bytes without a type',
    { send: { method: 'POST', body: bytes('{"query":"{ me { id } }"}') } },
    refused(400, 'CSRF_PREVENTED'),
  ],
  [
    'bytes that are no UTF-8',
    { send: { method: 'POST', headers: json, body: bytes('{"query":"{ shareClass(id: \\"\xc3\x28\\") { id } }"}') } },
    refused(400, 'BAD_REQUEST'),
  ],
  ['a query string that is no UTF-8', { path: '?query={me{id}}%c3%28', send: {} }, refused(400, 'BAD_REQUEST')],
  ['a text with a null byte', { query: '{ me\u0000 { id } }' }, refused(400, 'GRAPHQL_PARSE_FAILED')],
  ['a body that is too large', { query: `{ me { id } } # ${'x'.repeat(2 ** 20)}` }, refused(413, 'REQUEST_TOO_LARGE')],
  [
    'numbers that are none',
    { query: '{ funds(first: 1e999) { nodes { id } } }' },
    refused(400, 'GRAPHQL_VALIDATION_FAILED'),
  ],
]

describe('an attack on the public door', () => {
  let mesh: TestMesh
  let authorization: string
  let pid: number | undefined
  beforeAll(async () => {
    mesh = await testMesh()
    authorization = `Bearer ${await mesh.token('alder')}`
    pid = mesh.pid('gateway')
  })
  afterAll(() => mesh?.close())

  const strike = async (attack: Attack) => {
    const { path = '', send }: { path?: string; send: RequestInit } =
      'send' in attack
        ? (attack as { send: RequestInit })
        : { send: { method: 'POST', headers: json, body: JSON.stringify(attack) } }
    return fetch(`${mesh.urls.gateway}/graphql${path}`, { ...send, headers: { ...send.headers, authorization } })
  }

  it.each(matrix)('is refused with its code: %s', async (_, attack, { status, code, ...limit }) => {
    const answer = await strike(attack)
    const text = await answer.text()
    expect([answer.status, text]).toEqual([status, expect.stringContaining(code)])
    const { data, errors } = JSON.parse(text)
    expect(data).toBeUndefined()
    expect(errors[0].extensions).toMatchObject({ code, ...limit })
    if (limit.allowed !== undefined) expect(errors[0].extensions.got).toBeGreaterThan(limit.allowed)
    // What was sent is not sent back, and nothing inner is told.
    expect(text.length).toBeLessThan(20_000)
    expect(text).not.toMatch(/stack|node_modules|\.ts\b|originalError/)
  })

  it('leads to no name that the tenant’s own view does not have', async () => {
    const schema = await mesh.schemaOf('alder')
    for (const query of [
      '{ tenant { id } tenents { id } }',
      '{ fun { id } }',
      '{ funds { nodes { shareClas { id } } } }',
      '{ __type(nam: "Query") { name } }',
      'mutation { gran { epoch } }',
      'query ($x: GrantInpu) { me { id } }',
      '{ me { ... on Tennant { id } } }',
    ]) {
      const { errors } = (await (await strike({ query })).json()) as { errors: { message: string }[] }
      for (const { message } of errors) {
        const [, suggested = ''] = message.split('Did you mean')
        for (const [, name] of suggested.matchAll(/"([^"]+)"/g)) {
          const seen = Object.values(schema.getTypeMap()).some(
            (type) => type.name === name || ('getFields' in type && name! in type.getFields()) || name === 'name',
          )
          expect([message, seen]).toEqual([message, true])
        }
      }
    }
  })

  it('over a socket is refused with the same codes and numbers', async () => {
    const socket = new WebSocket(socketUrl(mesh), 'graphql-transport-ws')
    const heard = new Map<string, { code: string; limit?: string }>()
    await new Promise<void>((resolve, reject) => {
      socket.on('error', reject)
      socket.on('open', () => socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization } })))
      socket.on('message', (data) => {
        const { type, id, payload } = JSON.parse(String(data))
        if (type === 'connection_ack')
          for (const [name, attack] of asked)
            socket.send(JSON.stringify({ id: name, type: 'subscribe', payload: attack }))
        if (type === 'error') heard.set(id, payload[0].extensions)
        if (heard.size === asked.length) resolve()
      })
      const asked = matrix.filter(([name, attack]) => 'query' in attack && !/too large/.test(name))
    })
    for (const [name, attack, { code, limit, allowed }] of matrix) {
      if (!('query' in attack) || !heard.has(name)) continue
      expect([name, heard.get(name)]).toEqual([
        name,
        expect.objectContaining({ code, ...(limit && { limit, allowed }) }),
      ])
    }
    socket.close()
  })

  it('leaves the process as it was, and answers those who ask for what they may', async () => {
    expect(mesh.pid('gateway')).toBe(pid)
    expect((await mesh.ask('birch', '{ me { id } }')).data).toEqual({ me: { id: 'birch' } })
  })
})
