import { buildSchema } from 'graphql'
import { describe, expect, it } from 'vitest'
import { partialError } from '../errors/catalogue.ts'
import { completing } from './testing.ts'

const schema = buildSchema(`
  type Query { item: Item items: [Item!] needed: Item! media: Media all: [Media] either: Either count: Int constructor: String }
  type Item { id: ID! name: String! inner: Item size: Int }
  interface Media { id: ID! title: String }
  type Book implements Media { id: ID! title: String pages: Int! }
  type Film implements Media { id: ID! title: String minutes: Int }
  union Either = Book | Film
`)
const complete = completing(schema, new Set(['Secret']))

/** The data, and where the errors are with their codes. */
const answer = (query: string, data: Record<string, unknown> | null, asked: Parameters<typeof complete>[2] = {}) => {
  const completed = complete(query, data, asked)
  return {
    data: completed.data,
    errors: completed.errors.map(({ path, extensions }) => `${extensions.code} ${path?.join('.')}`),
  }
}
const invalid = (...places: string[]) => places.map((place) => `SUBGRAPH_INVALID_RESPONSE ${place}`)

describe('completed data', () => {
  it('have what was asked under the names of the client, and nothing else', () => {
    const data = { _fm_one: { __typename: 'Item', id: 'key', _fm___proto__: 'N', _fm_id: 'not the key', secret: 1 } }
    expect(answer('{ one: item { __proto__: name id: name } }', data).data).toBe(
      '{"one":{"__proto__":"N","id":"not the key"}}',
    )
  })

  it('have a field once that is selected with and without its own name as an alias', () => {
    const data = { item: { id: 'i', name: 'N' } }
    expect(answer('{ item: item { id } item { name } }', data).data).toBe('{"item":{"id":"i","name":"N"}}')
  })

  it('have nothing that an object only inherits', () => {
    expect(answer('{ constructor }', {})).toEqual({ data: '{"constructor":null}', errors: [] })
    expect(answer('{ constructor }', { constructor: 'own' }).data).toBe('{"constructor":"own"}')
  })

  it('have null and an error where a value is of a wrong kind', () => {
    expect(answer('{ item { id } items { id } count }', { item: [], items: {}, count: '1' })).toEqual({
      data: '{"item":null,"items":null,"count":null}',
      errors: invalid('item', 'items', 'count'),
    })
  })

  it('lose as much as a null that may not be takes with it', () => {
    const items = [{ id: 1, name: 'a', inner: { id: 2 } }, { id: 3 }]
    expect(answer('{ items { id name inner { name } } }', { items })).toEqual({
      data: '{"items":null}',
      errors: invalid('items.0.inner.name', 'items.1.name'),
    })
    expect(answer('{ needed { id } }', null)).toEqual({ data: 'null', errors: invalid('needed') })
  })

  it('get no second error where one stands already: there, above or below', () => {
    const failed = (...path: (string | number)[]) => [partialError('SUBGRAPH_TIMEOUT', undefined, { path })]
    const asked = '{ items { id name } }'
    const hole = { items: [{ id: 1 }] }
    for (const path of [['items', 0, 'name'], ['items'], ['items', 0, 'name', 'deeper']])
      expect(answer(asked, hole, { errors: failed(...path) })).toEqual({
        data: '{"items":null}',
        errors: [`SUBGRAPH_TIMEOUT ${path.slice(0, 3).join('.')}`],
      })
    expect(answer(asked, hole, { errors: failed('items', 1, 'name') }).errors).toHaveLength(2)
  })

  it('leave the merged data as they are', () => {
    const data = { item: { id: 'i', inner: { id: 'j' } } }
    const completed = complete('{ item { inner { name } } }', data)
    expect(completed.delivered.data).toEqual({ item: { id: 'i', inner: null } })
    expect(data).toEqual({ item: { id: 'i', inner: { id: 'j' } } })
  })

  it('are as wide as they come', () => {
    const items = Array.from({ length: 100_000 }, (_, id) => ({ id, name: 'n' }))
    const { data } = complete('{ items { id name } }', { items })
    expect(JSON.parse(data).items).toHaveLength(100_000)
  })

  it('answer about the schema beside the data, in the names of the client', () => {
    const query = `query ($name: String!, $on: Boolean!) {
      count kind: __typename t: __type(name: $name) { ...T fields @include(if: $on) { n: name } }
    } fragment T on __Type { called: name }`
    expect(answer(query, { count: 1 }, { variables: { name: 'Item', on: false } }).data).toBe(
      '{"count":1,"kind":"Query","t":{"called":"Item"}}',
    )
    expect(answer(query, { count: 1 }, { variables: { name: 'None', on: true } }).data).toContain('"t":null')
  })

  it('follow @skip and @include of every request anew', () => {
    const query = 'query ($on: Boolean = true) { count @include(if: $on) ... @skip(if: $on) { item { id } } }'
    const data = { count: 1, item: { id: 'i' } }
    expect(answer(query, data).data).toBe('{"count":1}')
    expect(answer(query, data, { variables: { on: false } }).data).toBe('{"item":{"id":"i"}}')
    expect(() => answer(query, data, { variables: { on: null } })).toThrow(/\$on: expected a Boolean/)
  })
})

describe('an object of an abstract type', () => {
  it('is what its type says', () => {
    const all = [{ __typename: 'Book', id: 1, pages: 2 }, { __typename: 'Film', id: 3 }, null]
    expect(answer('{ all { __typename ... on Book { pages } ... on Media { id } } }', { all }).data).toBe(
      '{"all":[{"__typename":"Book","pages":2,"id":"1"},{"__typename":"Film","id":"3"},null]}',
    )
  })

  it('is null with an error where its type cannot be it', () => {
    for (const __typename of ['Item', 'Nobody', 3, {}])
      expect(answer('{ media { id } }', { media: { __typename, id: 1 } })).toEqual({
        data: '{"media":null}',
        errors: invalid('media'),
      })
  })

  it('is null without an error where the view has not its type', () => {
    expect(answer('{ media { id } }', { media: { __typename: 'Secret', id: 1 } })).toEqual({
      data: '{"media":null}',
      errors: [],
    })
  })

  it('is answered by its interface where nobody said what it is, unless that decides', () => {
    const media = { id: 1, title: 'T', pages: 2 }
    expect(answer('{ media { id ... on Media { title } } }', { media }).data).toBe('{"media":{"id":"1","title":"T"}}')
    for (const selection of ['__typename', '... on Book { pages }', 'id ... on Either { __typename }'])
      expect(answer(`{ media { ${selection} } }`, { media }).data).toBe('{"media":null}')
    expect(answer('{ either { ... on Book { pages } } }', { either: media })).toEqual({
      data: '{"either":null}',
      errors: invalid('either'),
    })
  })
})
