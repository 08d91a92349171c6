import { buildSchema, execute, Kind, type OperationDefinitionNode, parse } from 'graphql'
import { describe, expect, it } from 'vitest'
import { deprecatedUse } from './deprecated.ts'
import { fieldSets } from './field-set.ts'
import { keySelection, type ResourceTypes } from './resources.ts'

const schema = buildSchema(`
  type Query { fund(id: ID!): Fund search: [Thing!]! node: Node old: String @deprecated(reason: "new") hello(in: Tongue, old: Int @deprecated(reason: "x")): String }
  type Fund implements Node { id: ID! name: String house: String shareClasses: [ShareClass!]! }
  type ShareClass implements Node { id: ID! name: String fund: Fund nav: Nav }
  type Nav { price: String date: String }
  type Note { text: String }
  interface Node { id: ID! }
  union Thing = Fund | ShareClass | Note
  enum Tongue { LATIN @deprecated(reason: "dead") ENGLISH }
`)
const resources: ResourceTypes = new Map([
  ['Fund', { kind: 'FUND', key: 'id' }],
  ['ShareClass', { kind: 'SHARE_CLASS', key: 'id' }],
])
const view = 'everybody'
const schemaOf = () => schema
const gather = fieldSets(schemaOf, resources)
const keyed = keySelection(schemaOf, resources)

const shareClass = (id: string) => ({
  __typename: 'ShareClass',
  id,
  name: `Class ${id}`,
  nav: { price: null, date: '2024-01-02' },
})
const rootValue = {
  fund: ({ id }: { id: string }) =>
    id === 'none'
      ? null
      : { __typename: 'Fund', id, name: 'Fund', house: null, shareClasses: [shareClass('a'), shareClass('b')] },
  search: [shareClass('c'), { __typename: 'Note', text: 'note' }],
  node: () => ({ ...rootValue.fund({ id: 'f' }) }),
}

/** What a query delivered, as the gateway plans and gathers it. */
async function delivered(query: string) {
  const document = keyed(view, parse(query))
  const { data } = await execute({ schema, document, rootValue })
  const definition = document.definitions.find(
    (node) => node.kind === Kind.OPERATION_DEFINITION,
  ) as OperationDefinitionNode
  const fragments = Object.fromEntries(
    document.definitions.flatMap((node) => (node.kind === Kind.FRAGMENT_DEFINITION ? [[node.name.value, node]] : [])),
  )
  const held = { coordinates: new Set<string>(), resources: new Set<string>() }
  gather({ view, definition, fragments, variables: {} }, data, held)
  return { coordinates: [...held.coordinates].sort(), resources: [...held.resources].sort() }
}

describe('the field set of an answer', () => {
  it('asks for no key that the view does not have', () => {
    const seen = buildSchema('type Query { fund: Fund } type Fund { name: String }')
    const document = parse('{ fund { name } }')
    expect(keySelection(() => seen, resources)(view, document)).toEqual(document)
  })

  it('names the resources though the client asked for no id', async () => {
    expect(await delivered('{ fund(id: "f") { name shareClasses { name } } }')).toEqual({
      coordinates: ['Fund.name', 'Fund.shareClasses', 'Query.fund', 'ShareClass.name'],
      resources: ['FUND:f', 'SHARE_CLASS:a', 'SHARE_CLASS:b'],
    })
  })

  it('holds what had a value, and nothing that had none', async () => {
    expect(await delivered('{ fund(id: "f") { house shareClasses { nav { price date } } } }')).toEqual({
      coordinates: ['Fund.shareClasses', 'Nav.date', 'Query.fund', 'ShareClass.nav'],
      resources: ['FUND:f', 'SHARE_CLASS:a', 'SHARE_CLASS:b'],
    })
    expect(await delivered('{ fund(id: "none") { name } }')).toEqual({ coordinates: [], resources: [] })
  })

  it.each([
    ['aliases', '{ a: fund(id: "f") { id: name x: id } }', ['Fund.id', 'Fund.name', 'Query.fund'], ['FUND:f']],
    [
      'a union',
      '{ search { ... on ShareClass { name } ... on Note { text } ... on Fund { house } } }',
      ['Note.text', 'Query.search', 'ShareClass.name'],
      ['SHARE_CLASS:c'],
    ],
    ['an interface', '{ node { id ... on Fund { name } } }', ['Fund.id', 'Fund.name', 'Query.node'], ['FUND:f']],
    ['an interface without a type of its own', '{ node { __typename } }', ['Query.node'], ['FUND:f']],
    [
      'fragments',
      '{ fund(id: "f") { ...F } } fragment F on Fund { ...N } fragment N on Node { id }',
      ['Fund.id', 'Query.fund'],
      ['FUND:f'],
    ],
    ['a skipped field', '{ fund(id: "f") { name @skip(if: true) id } }', ['Fund.id', 'Query.fund'], ['FUND:f']],
  ])('is told of %s by the schema’s own names', async (_, query, coordinates, found) => {
    expect(await delivered(query)).toEqual({ coordinates, resources: found })
  })
})

it('the deprecated fields, arguments and values that a document uses are named', () => {
  const use = (query: string) => deprecatedUse(schemaOf)({ view, document: parse(query) })
  expect(use('{ old fund(id: "f") { name } }')).toEqual(['Query.old'])
  expect(use('{ hello(in: LATIN, old: 1) }')).toEqual(['Query.hello(old:)', 'Tongue.LATIN'])
  expect(use('{ hello(in: ENGLISH) }')).toEqual([])
})
