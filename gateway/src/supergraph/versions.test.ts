/** One graph of two subgraphs as the tools of each time would have composed it, each served by a gateway of its own. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Service } from '@fundmesh/platform/service/service'
import { subgraphSchema } from '@fundmesh/platform/service/subgraph-schema'
import { createLogger } from '@fundmesh/platform/telemetry/log'
import { graphql } from 'graphql'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createGateway } from '../gateway.ts'
import { buildSupergraph } from './build.ts'

const federation =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@external", "@requires"])'
const subgraphs = {
  authors: subgraphSchema(
    `${federation} type Query { author(id: ID!): Author } type Author @key(fields: "id") { id: ID! name: String }`,
    {
      Query: { author: (_: unknown, { id }: { id: string }) => ({ id, name: `author ${id}` }) },
      Author: { __resolveReference: ({ id }: { id: string }) => ({ id, name: `author ${id}` }) },
    },
  ),
  books: subgraphSchema(
    `${federation} type Query { books: [Book] search: [Found] }
     type Book @key(fields: "id") { id: ID! title: String author: Author cover: Cover }
     type Author @key(fields: "id") { id: ID! name: String @external initials: String @requires(fields: "name") }
     union Found = Book | Author
     enum Cover { HARD SOFT }`,
    {
      Query: {
        books: () => [book],
        search: () => [
          { __typename: 'Author', id: '1' },
          { __typename: 'Book', ...book },
        ],
      },
      Author: {
        __resolveReference: (author: object) => author,
        initials: ({ name }: { name: string }) => name.replace(/(\w)\w*/g, '$1'),
      },
    },
  ),
}
const book = { id: 'b', title: 'title', author: { id: '1' }, cover: 'HARD' }

const graphs = (url: string) =>
  Object.keys(subgraphs)
    .map((name) => `${name.toUpperCase()} @join__graph(name: "${name}", url: "${url}/${name}")`)
    .join(' ')

/** As Federation 1 wrote it: owners, and the keys of whoever extends. */
const first = (url: string) => `
  schema @core(feature: "https://specs.apollo.dev/core/v0.1"), @core(feature: "https://specs.apollo.dev/join/v0.1") { query: Query }
  directive @core(feature: String!) repeatable on SCHEMA
  directive @join__field(graph: join__Graph, requires: join__FieldSet, provides: join__FieldSet) on FIELD_DEFINITION
  directive @join__type(graph: join__Graph!, key: join__FieldSet) repeatable on OBJECT | INTERFACE
  directive @join__owner(graph: join__Graph!) on OBJECT | INTERFACE
  directive @join__graph(name: String!, url: String!) on ENUM_VALUE
  scalar join__FieldSet
  enum join__Graph { ${graphs(url)} }
  type Query {
    author(id: ID!): Author @join__field(graph: AUTHORS)
    books: [Book] @join__field(graph: BOOKS)
    search: [Found] @join__field(graph: BOOKS)
  }
  type Author @join__owner(graph: AUTHORS) @join__type(graph: AUTHORS, key: "id") @join__type(graph: BOOKS, key: "id") {
    id: ID! @join__field(graph: AUTHORS)
    name: String @join__field(graph: AUTHORS)
    initials: String @join__field(graph: BOOKS, requires: "name")
  }
  type Book @join__owner(graph: BOOKS) @join__type(graph: BOOKS, key: "id") {
    id: ID! @join__field(graph: BOOKS)
    title: String @join__field(graph: BOOKS)
    author: Author @join__field(graph: BOOKS)
    cover: Cover @join__field(graph: BOOKS)
  }
  union Found = Book | Author
  enum Cover { HARD SOFT }
`

/** Later supergraphs say more of each part; what a version does not have is left out. */
const later = (minor: number) => (url: string) => {
  const from = (version: number, text: string) => (minor >= version ? text : '')
  return `
  schema @link(url: "https://specs.apollo.dev/link/v1.0") @link(url: "https://specs.apollo.dev/join/v0.${minor}", for: EXECUTION) { query: Query }
  directive @link(url: String, as: String, for: link__Purpose, import: [link__Import]) repeatable on SCHEMA
  scalar link__Import
  enum link__Purpose { SECURITY EXECUTION }
  directive @join__graph(name: String!, url: String!) on ENUM_VALUE
  directive @join__type(graph: join__Graph!, key: join__FieldSet, extension: Boolean! = false, resolvable: Boolean! = true${from(3, ', isInterfaceObject: Boolean! = false')}) repeatable on OBJECT | INTERFACE | UNION | ENUM | INPUT_OBJECT | SCALAR
  directive @join__field(graph: join__Graph${minor < 3 ? '!' : ''}, requires: join__FieldSet, provides: join__FieldSet, type: String, external: Boolean, override: String, usedOverridden: Boolean${from(4, ', overrideLabel: String')}${from(5, ', contextArguments: [join__ContextArgument!]')}) repeatable on FIELD_DEFINITION | INPUT_FIELD_DEFINITION
  directive @join__implements(graph: join__Graph!, interface: String!) repeatable on OBJECT | INTERFACE
  ${from(3, 'directive @join__unionMember(graph: join__Graph!, member: String!) repeatable on UNION')}
  ${from(3, 'directive @join__enumValue(graph: join__Graph!) repeatable on ENUM_VALUE')}
  ${from(4, 'directive @join__directive(graphs: [join__Graph!], name: String!, args: join__DirectiveArguments) repeatable on SCHEMA | OBJECT | INTERFACE | FIELD_DEFINITION scalar join__DirectiveArguments')}
  ${from(5, 'scalar join__FieldValue input join__ContextArgument { name: String! type: String! context: String! selection: join__FieldValue! }')}
  scalar join__FieldSet
  enum join__Graph { ${graphs(url)} }
  type Query @join__type(graph: AUTHORS) @join__type(graph: BOOKS) {
    author(id: ID!): Author @join__field(graph: AUTHORS)
    books: [Book] @join__field(graph: BOOKS)
    search: [Found] @join__field(graph: BOOKS)
  }
  type Author @join__type(graph: AUTHORS, key: "id") @join__type(graph: BOOKS, key: "id") {
    id: ID!
    name: String @join__field(graph: AUTHORS) @join__field(graph: BOOKS, external: true)
    initials: String @join__field(graph: BOOKS, requires: "name")
  }
  type Book @join__type(graph: BOOKS, key: "id") { id: ID! title: String author: Author cover: Cover }
  union Found @join__type(graph: BOOKS) ${from(3, '@join__unionMember(graph: BOOKS, member: "Book") @join__unionMember(graph: BOOKS, member: "Author")')} = Book | Author
  enum Cover @join__type(graph: BOOKS) { HARD ${from(3, '@join__enumValue(graph: BOOKS)')} SOFT ${from(3, '@join__enumValue(graph: BOOKS)')} }
`
}

describe('a supergraph of any age', () => {
  const folder = mkdtempSync(join(tmpdir(), 'versions-'))
  let server: Server
  let url: string
  let gateway: Service | undefined

  beforeAll(async () => {
    server = createServer((request, response) => {
      let body = ''
      request.on('data', (chunk) => (body += chunk))
      request.on('end', async () => {
        const { query, variables } = JSON.parse(body)
        const schema = subgraphs[request.url?.slice(1) as keyof typeof subgraphs]
        response.setHeader('content-type', 'application/json')
        response.end(JSON.stringify(await graphql({ schema, source: query, variableValues: variables })))
      })
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  afterEach(() => gateway?.drain())
  afterAll(() => {
    server.close()
    rmSync(folder, { recursive: true })
  })

  it.each<[string, (url: string) => string]>([
    ['Federation 1, join v0.1', first],
    ['Federation 2, join v0.2', later(2)],
    ['Federation 2, join v0.3', later(3)],
    ['Federation 2, join v0.4', later(4)],
    ['Federation 2, join v0.5', later(5)],
  ])('is served from its file alone: %s', async (_, sdl) => {
    const file = join(folder, 'supergraph.graphql')
    writeFileSync(file, sdl(url))
    gateway = await createGateway({ SUPERGRAPH: file, ACCESS: 'open', PORT: '0' }, createLogger('test', 'silent'))
    const answer = await fetch(`${(await gateway.listen()).url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        query:
          '{ author(id: "7") { name initials } books { title cover author { name initials } } search { __typename ... on Author { name } ... on Book { title } } }',
      }),
    })
    expect(await answer.json()).toMatchObject({
      data: {
        author: { name: 'author 7', initials: 'a 7' },
        books: [{ title: 'title', cover: 'HARD', author: { name: 'author 1', initials: 'a 1' } }],
        search: [
          { __typename: 'Author', name: 'author 1' },
          { __typename: 'Book', title: 'title' },
        ],
      },
    })
  })

  const known = first('http://books')
  const withPurpose = (feature: string, purpose: string) =>
    `${known.replace('v0.1") { query', `v0.1"), @core(feature: "${feature}", for: ${purpose}) { query`).replace('feature: String!', 'feature: String!, for: core__Purpose')} enum core__Purpose { SECURITY EXECUTION }`

  it('is read where its first @core says what a feature is for', () => {
    expect(buildSupergraph(withPurpose('https://specs.apollo.dev/tag/v0.1', 'EXECUTION')).subgraphsMetadata()).toEqual([
      { name: 'authors', url: 'http://books/authors' },
      { name: 'books', url: 'http://books/books' },
    ])
  })

  it.each<[string, string, RegExp]>([
    ['that is no GraphQL', 'type Query {\n  a: \n}', /^line 3, column 1: Syntax Error/],
    ['that is empty', '', /^line 1, column 1: Syntax Error/],
    ['that is no supergraph', 'type Query { a: Int }', /must be a core schema/],
    ['of a version that is not known', known.replace('join/v0.1', 'join/v9.0'), /unsupported join spec version v9.0/],
    ['that names what is not there', known.replace('cover: Cover', 'cover: Covr'), /^line \d+, column \d+: .*Covr/],
    [
      'whose security we do not know',
      withPurpose('https://example.com/secret/v0.1', 'SECURITY'),
      /^line 2, column \d+: feature https:\/\/example.com\/secret\/v0.1 is for: SECURITY but is unsupported/,
    ],
  ])('is refused with the reason and its line: one %s', (_, sdl, reason) => {
    expect(() => buildSupergraph(sdl)).toThrow(reason)
  })
})
