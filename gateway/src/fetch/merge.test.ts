import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { copyOf, type Data } from './data.ts'
import { merge } from './merge.ts'

const naming = { names: ['__typename', '_fm_type'], interfaces: new Set(['Node']) }
const merged = (...answers: readonly Data[]): Data => {
  const target: Data = {}
  for (const answer of answers) merge(target, copyOf(answer), naming)
  return target
}

/** Some of a value's fields, at every depth; lists keep their length. */
function part(value: unknown, keep: () => boolean): unknown {
  if (Array.isArray(value)) return value.map((item) => part(item, keep))
  if (typeof value !== 'object' || value === null) return value
  const some: Data = {}
  for (const [name, below] of Object.entries(value)) {
    if (!keep()) continue
    Object.defineProperty(some, name, {
      value: part(below, keep),
      enumerable: true,
      writable: true,
      configurable: true,
    })
  }
  return some
}

const name = fc.oneof(
  fc.constantFrom('a', 'b', 'id', '__typename'),
  fc.constantFrom('__proto__', 'constructor', 'toString', 'hasOwnProperty'),
)
const { whole } = fc.letrec((tie) => ({
  leaf: fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null)),
  list: fc.array(tie('value'), { maxLength: 3 }),
  object: fc.array(fc.tuple(name, tie('value')), { maxLength: 4 }).map((fields) => {
    const object: Data = {}
    for (const [field, value] of fields)
      Object.defineProperty(object, field, { value, enumerable: true, writable: true, configurable: true })
    return object
  }),
  value: fc.oneof({ depthSize: 'small' }, tie('leaf'), tie('object'), tie('list')),
  whole: tie('object'),
}))

describe('merging', () => {
  it('puts parts of one answer together, in whatever order they come', () => {
    fc.assert(
      fc.property(whole, fc.infiniteStream(fc.boolean()), (value, coins) => {
        const keep = () => coins.next().value as boolean
        const parts = [part(value, keep), part(value, keep), value] as Data[]
        expect(isDeepStrictEqual(merged(...parts), value)).toBe(true)
        expect(isDeepStrictEqual(merged(...parts.reverse()), value)).toBe(true)
        expect(Object.getPrototypeOf({})).toBe(Object.prototype)
        expect(Object.keys(Object.prototype)).toEqual([])
      }),
    )
  })

  it('accepts any answers one after the other, and writes to no prototype', () => {
    fc.assert(
      fc.property(fc.array(whole as fc.Arbitrary<Data>, { maxLength: 4 }), (answers) => {
        const before = JSON.stringify(Object.getOwnPropertyNames(Object.prototype))
        const target = merged(...answers)
        expect(Object.getPrototypeOf(target)).toBe(Object.prototype)
        expect(JSON.stringify(Object.getOwnPropertyNames(Object.prototype))).toBe(before)
        expect(new Set(Object.keys(target))).toEqual(new Set(answers.flatMap(Object.keys)))
      }),
    )
  })

  it('keeps what is there where a null comes, and fills a null', () => {
    expect(merged({ a: 1, b: null, c: [null, { d: 1 }] }, { a: null, b: 2, c: [{ e: 3 }, null] })).toEqual({
      a: 1,
      b: 2,
      c: [{ e: 3 }, { d: 1 }],
    })
  })

  it('keeps a list where one of another length comes: others may be about to merge into its items', () => {
    expect(merged({ a: [{ b: 1 }] }, { a: [{ c: 2 }, { c: 3 }] })).toEqual({ a: [{ b: 1 }] })
    expect(merged({ a: { b: 1 } }, { a: [1] })).toEqual({ a: { b: 1 } })
    expect(merged({ a: { b: 1 } }, { a: 1 })).toEqual({ a: { b: 1 } })
  })

  it('does not call an object by its interface, where its own type is known', () => {
    expect(merged({ __typename: 'User', _fm_type: 'User' }, { __typename: 'Node', _fm_type: 'Node' })).toEqual({
      __typename: 'User',
      _fm_type: 'User',
    })
    expect(merged({ __typename: 'Node' }, { __typename: 'User' })).toEqual({ __typename: 'User' })
    expect(merged({ name: 'User' }, { name: 'Node' })).toEqual({ name: 'Node' })
  })
})
