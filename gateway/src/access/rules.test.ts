import { describe, expect, it } from 'vitest'
import { composed, loaded } from './cases/graph.ts'

/** An interface with two implementations; directives of the types, and of their fields. */
const media = ({ book = '', film = '', isbn = '', filmIsbn = '' }) => ({
  library: `
    type Query { media: [Media!]! }
    interface Media { id: ID! isbn: String }
    type Book implements Media @key(fields: "id") ${book} { id: ID! isbn: String ${isbn} }
    type Film implements Media @key(fields: "id") ${film} { id: ID! isbn: String ${filmIsbn} }
  `,
})

const added = {
  library: `
    type Query { media: [Media!]! }
    interface Media @key(fields: "id") { id: ID! }
    type Book implements Media @key(fields: "id") { id: ID! }
    type Film implements Media @key(fields: "id") { id: ID! }
  `,
  notes: 'type Media @interfaceObject @key(fields: "id") { id: ID! notes: String @authenticated }',
}

const required = {
  parcels: 'type Query { parcel: Parcel } type Parcel @key(fields: "id") { id: ID! weight: Int @authenticated }',
  costs: `type Parcel @key(fields: "id") {
    id: ID!
    weight: Int @external
    cost: Int @requires(fields: "weight") @authenticated
  }`,
}

const surrounded = {
  shops: `
    type Query { shop: Shop }
    type Shop @key(fields: "id") @context(name: "shop") { id: ID! margin: Int @authenticated item: Item }
    type Item @key(fields: "id") { id: ID! profit(margin: Int @fromContext(field: "$shop { margin }")): Int @authenticated }
  `,
}

const scoped = { a: 'type Query { a: Int @requiresScopes(scopes: [["x"]]) b: Int @policy(policies: [["y"]]) }' }

describe('a supergraph that was composed so that nothing is lost', () => {
  it.each<[string, Record<string, string>]>([
    ['asks nothing', { a: 'type Query { a: Int }' }],
    ['restricts one implementation of an interface', media({ book: '@authenticated' })],
    ['restricts a field of one implementation', media({ filmIsbn: '@requiresScopes(scopes: [["a"], ["b", "c"]])' })],
    [
      'restricts a field of two implementations differently',
      media({ isbn: '@policy(policies: [["a"]])', filmIsbn: '@requiresScopes(scopes: [["a"]])' }),
    ],
    [
      'has interfaces that implement interfaces',
      {
        a: `
          type Query { node: Node }
          interface Node { id: ID! }
          interface Named implements Node { id: ID! name: String }
          type User implements Node & Named @authenticated { id: ID! name: String @requiresScopes(scopes: [["a"]]) }
          type Robot implements Node { id: ID! @policy(policies: [["robots"]]) }
        `,
      },
    ],
    ['restricts what an interface object adds', added],
    ['requires what it restricts', required],
    ['reads the surroundings that it restricts', surrounded],
    [
      'requires what it restricts alike',
      {
        a: 'type Query { t: T } type T @key(fields: "id") { id: ID! a: Int @requiresScopes(scopes: [["x"], ["y"]]) }',
        b: 'type T @key(fields: "id") { id: ID! a: Int @external b: Int @requires(fields: "a") @requiresScopes(scopes: [["x", "z"]]) }',
      },
    ],
    [
      'takes the key of a restricted type for granted',
      {
        a: 'type Query { t: T } type T @key(fields: "id") @authenticated { id: ID! @requiresScopes(scopes: [["x"]]) }',
        b: 'type T @key(fields: "id") { id: ID! b: Int }',
      },
    ],
  ])('and %s is served', (_, subgraphs) => {
    expect(() => loaded(composed(subgraphs))).not.toThrow()
  })

  it('may name the directives as it likes', () => {
    const supergraph = composed({ a: 'type Query { a: Int @authenticated }' })
      .replace('authenticated/v0.1",', 'authenticated/v0.1", as: "signedIn",')
      .replaceAll('@authenticated', '@signedIn')
    expect(loaded(supergraph).rules.ofField('Query', 'a')).toEqual([{ authenticated: true, scopes: [], policies: [] }])
  })
})

describe('a supergraph with a way around its rules is refused, with the coordinate:', () => {
  const isbn = media({ isbn: '@authenticated' })
  const scopes = media({ isbn: '@requiresScopes(scopes: [["a", "b"]])' })
  const types = media({ book: '@authenticated' })
  const field = (type: string, name: string, directive: string) =>
    new RegExp(`(${type}[^}]*${name}[^\n]*?) ${directive.replace(/[()[\]]/g, '\\$&')}`)

  it.each<[string, Record<string, string>, RegExp | string, string, RegExp]>([
    [
      'an interface field that lost what an implementation asks',
      isbn,
      field('interface Media', 'isbn', '@authenticated'),
      '$1',
      /Media\.isbn.*Book\.isbn/,
    ],
    [
      'an implementation that lost what its interface asks',
      isbn,
      field('type Book', 'isbn', '@authenticated'),
      '$1',
      /Media\.isbn.*asked by none/,
    ],
    [
      'an implementation that lost a part of it',
      scopes,
      /(type Book[^}]*isbn: String @requiresScopes\(scopes: \[\["a"), "b"/,
      '$1',
      /Media\.isbn.*asked by none/,
    ],
    [
      'an interface that was given an alternative',
      scopes,
      /(interface Media[^}]*isbn: String @requiresScopes\(scopes: \[\["a", "b"\])/,
      '$1, ["c"]',
      /Media\.isbn.*Book\.isbn/,
    ],
    [
      'an interface type that lost what an implementation asks',
      types,
      /(interface Media[^{]*?)\s+@authenticated/,
      '$1',
      /Media: expected at least .*Book/,
    ],
    [
      'an implementing type that lost what its interface asks',
      types,
      /(type Book[^{]*?)\s+@authenticated/,
      '$1',
      /Media: what it asks.*Book/,
    ],
    [
      'an implementation that lost what an interface object asks',
      added,
      field('type Book', 'notes', '@authenticated'),
      '$1',
      /Book\.notes.*Media\.notes/,
    ],
    [
      'a field whose requirement asks more than itself',
      required,
      field('type Parcel', 'cost', '@authenticated'),
      '$1',
      /Parcel\.cost.*@requires/,
    ],
    [
      'a field whose surroundings ask more than itself',
      surrounded,
      field('type Item', 'profit', '@authenticated'),
      '$1',
      /Item\.profit.*@fromContext/,
    ],
    [
      'a version of a specification that is not known',
      scoped,
      'requiresScopes/v0.1',
      'requiresScopes/v0.2',
      /requiresScopes.*v0\.2/,
    ],
    [
      'such a version that says it is harmless',
      scoped,
      /policy\/v0\.1", for: SECURITY/,
      'policy/v0.9"',
      /policy v0\.1; got v0\.9/,
    ],
    [
      'a directive that no specification stands behind',
      scoped,
      /\n *@link\(url: "https:\/\/specs.apollo.dev\/policy\/v0.1"[^\n]*/,
      '',
      /Query\.b.*@policy/,
    ],
    ['scopes that are no lists of lists', scoped, '[["x"]]', '["x"]', /Query\.a|scopes/],
    ['a scope that is no name', scoped, '[["x"]]', '[[1]]', /Query\.a.*\[\[1\]\]/],
    ['an empty scope', scoped, '[["x"]]', '[[""]]', /Query\.a.*\[\[""\]\]/],
    ['policies that are nothing', scoped, '[["y"]]', 'null', /Query\.b|policies/],
    [
      'a directive where nothing enforces it',
      { a: 'type Query { a(b: Int): Int @authenticated }' },
      /a\(b: Int\)/,
      'a(b: Int @authenticated)',
      /Query\.a|ARGUMENT/,
    ],
  ])('%s', (_, subgraphs, from, to, reason) => {
    const supergraph = composed(subgraphs)
    const after = supergraph.replace(from, to)
    expect(after, 'the text to change was not found').not.toBe(supergraph)
    expect(() => loaded(after)).toThrow(reason)
  })
})
