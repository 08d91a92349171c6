import type { QueryPlanSelectionNode } from '@apollo/query-planner'
import fc from 'fast-check'
import { buildSchema } from 'graphql'
import { describe, expect, it } from 'vitest'
import { batch } from './batch.ts'
import { ObjectWriter } from './representations.ts'

const schema = buildSchema(`
  type Query { node: Node }
  interface Node { id: ID! }
  type Product implements Node { id: ID! upc: String sizes: [Size] maker: Maker! price: Float constructor: String }
  type Book implements Node { id: ID! isbn: String }
  type Size { width: Int! }
  type Maker { code: String! city: String }
`)
const field = (name: string, ...selections: QueryPlanSelectionNode[]): QueryPlanSelectionNode =>
  selections.length > 0 ? { kind: 'Field', name, selections } : { kind: 'Field', name }
const on = (typeCondition: string, ...selections: QueryPlanSelectionNode[]): QueryPlanSelectionNode => ({
  kind: 'InlineFragment',
  typeCondition,
  selections,
})
const typename = field('__typename')

describe('representations', () => {
  it('say what a plan requires, and nothing else, of whatever values', () => {
    const writer = new ObjectWriter(schema, [
      on(
        'Product',
        typename,
        field('upc'),
        field('constructor'),
        field('sizes', field('width')),
        field('maker', field('code')),
      ),
    ])
    const product = fc.record({
      __typename: fc.constant('Product'),
      upc: fc.option(fc.string({ unit: 'binary' })),
      constructor: fc.option(fc.string()),
      sizes: fc.option(fc.array(fc.option(fc.record({ width: fc.integer() })))),
      maker: fc.record({ code: fc.string() }),
    })
    fc.assert(
      fc.property(product, fc.dictionary(fc.constantFrom('name', 'id', 'price'), fc.jsonValue()), (said, more) => {
        expect(JSON.parse(writer.write({ ...more, ...said })!)).toEqual(said)
      }),
    )
  })

  it('are of the fragments that fit the object, also of those on its interface', () => {
    const writer = new ObjectWriter(schema, [
      on('Node', typename, field('id')),
      on('Book', typename, field('isbn')),
      on('Product', typename, field('upc')),
    ])
    expect(writer.write({ __typename: 'Book', id: '1', isbn: 'x', upc: 'y' })).toBe(
      '{"__typename":"Book","id":"1","isbn":"x"}',
    )
    expect(writer.says('Size')).toBe(false)
    expect(writer.says(undefined)).toBe(false)
  })

  it('cannot be made without what is required, and say null where that is a value', () => {
    const writer = new ObjectWriter(schema, [
      on('Product', typename, field('id'), field('upc'), field('sizes', field('width')), field('maker', field('code'))),
    ])
    const product = { __typename: 'Product', id: '1', upc: null, sizes: null, maker: { code: 'm' } }
    expect(writer.write(product)).toBe('{"__typename":"Product","id":"1","upc":null,"sizes":null,"maker":{"code":"m"}}')
    for (const lacking of [
      { ...product, id: null },
      { ...product, upc: undefined },
      { ...product, sizes: [{ width: null }] },
      { ...product, sizes: [1] },
      { ...product, maker: null },
      { ...product, maker: 'm' },
      { ...product, maker: {} },
    ])
      expect(writer.write(lacking)).toBeUndefined()
  })

  it('carry the rewrites of a plan', () => {
    const writer = new ObjectWriter(
      schema,
      [on('Node', typename, field('id')), on('Product', field('maker', field('code'), field('city')))],
      [
        { kind: 'ValueSetter', path: ['... on Node', '__typename'], setValueTo: 'Node' },
        { kind: 'KeyRenamer', path: ['... on Product', 'maker', 'city'], renameKeyTo: 'town' },
      ],
    )
    expect(writer.write({ __typename: 'Book', id: '1' })).toBe('{"__typename":"Node","id":"1"}')
    expect(writer.write({ __typename: 'Product', id: '1', maker: { code: 'c', city: 'x' } })).toBe(
      '{"__typename":"Node","id":"1","maker":{"code":"c","town":"x"}}',
    )
  })

  it('are sent once where they are equal, and every object stands behind one', () => {
    const writer = new ObjectWriter(schema, [on('Product', typename, field('id'), field('price'))])
    const products = fc.array(
      fc.record({
        __typename: fc.constantFrom('Product', 'Book', undefined),
        id: fc.constantFrom('1', '2', 'ü"\\', null),
        price: fc.constantFrom(1, 2.5, null),
      }),
    )
    fc.assert(
      fc.property(products, (objects) => {
        const { texts, targets, indexes } = batch([{ objects, writer }])
        expect(new Set(texts).size).toBe(texts.length)
        expect(targets).toEqual(objects.filter(({ __typename, id }) => __typename === 'Product' && id !== null))
        for (const [at, target] of targets.entries()) expect(JSON.parse(texts[indexes[at]!]!)).toEqual(target)
      }),
    )
  })
})
