import { createHash } from 'node:crypto'
import { createLogger } from '@fundmesh/platform/telemetry/log'
import { buildSchema, type GraphQLError } from 'graphql'
import { describe, expect, it } from 'vitest'
import { failedAnswer } from '../errors/answer.ts'
import { automaticDocuments } from './automatic-documents.ts'
import type { GraphQLRequest } from './request.ts'
import { understanding } from './understand.ts'
import { withTrustedDocuments } from './with-trusted-documents.ts'

const log = createLogger('test', 'silent')
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

const schema = buildSchema('type Query { a: Int b: Int } type Mutation { c: Int }')
const trusted = '{ a }'
const mutation = 'mutation { c }'
const documents = new Map([trusted, mutation].map((text) => [sha256(text), text]))
const understand = understanding({ schema, fingerprint: 'test', introspection: true })
const free = withTrustedDocuments(understand, { documents, required: false })
const bound = withTrustedDocuments(understand, { documents, required: true })

const bytesOf = (stage: typeof free, request: Partial<GraphQLRequest>): string => {
  try {
    return stage({ method: 'POST', query: undefined, ...request }).hash
  } catch (error) {
    const [first] = failedAnswer(error, log).errors as readonly GraphQLError[]
    return JSON.stringify({ ...first!.toJSON(), code: first!.extensions.code })
  }
}
const codeOf = (stage: typeof free, request: Partial<GraphQLRequest>) => JSON.parse(bytesOf(stage, request)).code
const apollo = (hash: unknown) => ({ extensions: { persistedQuery: { version: 1, sha256Hash: hash } } })
const asked = understand({ method: 'POST', query: trusted }).hash

describe('a trusted document', () => {
  it.each<[string, Partial<GraphQLRequest>]>([
    ['documentId', { documentId: `sha256:${sha256(trusted)}` }],
    ['Apollo’s hash', apollo(sha256(trusted))],
    ['documentId beside the empty text of a socket', { documentId: `sha256:${sha256(trusted)}`, query: '' }],
  ])('is asked for by %s, also where nothing else is answered', (_, request) => {
    expect(bytesOf(free, request)).toBe(asked)
    expect(bytesOf(bound, request)).toBe(asked)
  })

  it('is the only thing that is answered where it is required', () => {
    expect(codeOf(bound, { query: '{ b }' })).toBe('TRUSTED_DOCUMENT_REQUIRED')
    expect(codeOf(bound, { query: '{ nonsense' })).toBe('TRUSTED_DOCUMENT_REQUIRED')
    expect(codeOf(bound, {})).toBe('TRUSTED_DOCUMENT_REQUIRED')
    expect(codeOf(bound, { query: '{ b }', ...apollo(sha256('{ b }')) })).toBe('TRUSTED_DOCUMENT_REQUIRED')
    expect(bytesOf(free, { query: '{ b }' })).toMatch(/^[0-9a-f]{64}$/)
  })

  it('of another app is not told from one that was never written', () => {
    const unknown = bytesOf(free, { documentId: `sha256:${'0'.repeat(64)}` })
    expect(JSON.parse(unknown).code).toBe('PERSISTED_QUERY_NOT_FOUND')
    expect(bytesOf(free, { documentId: `sha256:${sha256('{ b }')}` })).toBe(unknown)
    expect(bytesOf(bound, apollo(sha256('{ b }')))).toBe(unknown)
    expect(bytesOf(free, { documentId: 'no hash at all' })).toBe(unknown)
  })

  it('is not made by asking: a hash that comes with its text registers nothing', () => {
    const request = apollo(sha256('{ b }'))
    expect(bytesOf(free, { query: '{ b }', ...request })).toMatch(/^[0-9a-f]{64}$/)
    expect(codeOf(free, request)).toBe('PERSISTED_QUERY_NOT_FOUND')
    expect(codeOf(free, { query: '{ a b }', ...request })).toBe('BAD_REQUEST')
  })

  it('keeps to the rules of the request that asks for it', () => {
    expect(codeOf(free, { method: 'GET', documentId: `sha256:${sha256(mutation)}` })).toBe('METHOD_NOT_ALLOWED')
  })

  it.each<[string, Partial<GraphQLRequest>]>([
    ['an id that is no string', { documentId: 7 }],
    ['a hash that is no string', apollo({})],
    ['an id and a text', { documentId: `sha256:${sha256(trusted)}`, query: trusted }],
  ])('is not found by %s: BAD_REQUEST', (_, request) => {
    expect(codeOf(free, request)).toBe('BAD_REQUEST')
  })
})

describe('a document that a client taught its view', () => {
  const automatic = () =>
    withTrustedDocuments(understand, { documents, required: false, automatic: automaticDocuments() })
  const text = '{ b }'

  it('is asked for by its hash once it was asked with it', () => {
    const stage = automatic()
    expect(codeOf(stage, apollo(sha256(text)))).toBe('PERSISTED_QUERY_NOT_FOUND')
    const first = bytesOf(stage, { query: text, ...apollo(sha256(text)) })
    expect(first).toMatch(/^[0-9a-f]{64}$/)
    expect(bytesOf(stage, apollo(sha256(text)))).toBe(first)
  })

  it('is unknown to every other view', () => {
    bytesOf(automatic(), { query: text, ...apollo(sha256(text)) })
    expect(codeOf(automatic(), apollo(sha256(text)))).toBe('PERSISTED_QUERY_NOT_FOUND')
  })

  it.each([
    ['its hash is another’s', text, sha256('{ a }'), 'BAD_REQUEST'],
    ['it does not fit the view', '{ c }', sha256('{ c }'), 'GRAPHQL_VALIDATION_FAILED'],
  ])('is not kept where %s', (_, query, hash, code) => {
    const stage = automatic()
    expect(codeOf(stage, { query, ...apollo(hash) })).toBe(code)
    expect(codeOf(stage, apollo(sha256(query)))).toBe('PERSISTED_QUERY_NOT_FOUND')
  })

  it('is forgotten when others were asked since: a view keeps a bounded number', () => {
    const stage = automatic()
    for (let i = 0; i <= 1_000; i++) {
      const other = `{ b${i}: b }`
      bytesOf(stage, { query: other, ...apollo(sha256(other)) })
    }
    expect(codeOf(stage, apollo(sha256('{ b0: b }')))).toBe('PERSISTED_QUERY_NOT_FOUND')
    expect(bytesOf(stage, apollo(sha256('{ b1000: b }')))).toMatch(/^[0-9a-f]{64}$/)
  })

  it('is nothing where only trusted documents are answered', () => {
    const stage = withTrustedDocuments(understand, { documents, required: true, automatic: automaticDocuments() })
    expect(codeOf(stage, { query: text, ...apollo(sha256(text)) })).toBe('TRUSTED_DOCUMENT_REQUIRED')
    expect(codeOf(stage, apollo(sha256(text)))).toBe('PERSISTED_QUERY_NOT_FOUND')
  })
})
