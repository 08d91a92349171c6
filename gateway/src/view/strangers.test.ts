import { describe, expect, it } from 'vitest'
import { withoutStrangers } from './strangers.ts'

const strangers = new Set(['Hidden'])
const hidden = { __typename: 'Hidden', id: 'h' }
const seen = { __typename: 'Seen', id: 's' }

describe('an object of a type that the view has not', () => {
  it('is null where one object is', () => {
    expect(withoutStrangers({ one: hidden, other: seen, deep: { one: hidden } }, strangers)).toEqual({
      one: null,
      other: seen,
      deep: { one: null },
    })
  })

  it('is not in lists, at whatever depth', () => {
    expect(withoutStrangers({ all: [hidden, seen, null], nested: [[hidden], [{ in: [hidden] }]] }, strangers)).toEqual({
      all: [seen, null],
      nested: [[], [{ in: [] }]],
    })
  })

  it('leaves the others at the places of the entities that were asked for', () => {
    expect(withoutStrangers({ _entities: [hidden, seen, null, { all: [hidden] }] }, strangers)).toEqual({
      _entities: [null, seen, null, { all: [] }],
    })
  })

  it('costs nothing where there can be none', () => {
    const data = { one: hidden }
    expect(withoutStrangers(data, new Set())).toBe(data)
  })
})
