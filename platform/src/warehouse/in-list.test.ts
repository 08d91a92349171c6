import { expect, it } from 'vitest'
import { inList } from './in-list.ts'

it('names each value in the order given', () => {
  expect(inList('id', ['b', 'a', "o'hare"])).toEqual({
    sql: '(:id0, :id1, :id2)',
    parameters: { id0: 'b', id1: 'a', id2: "o'hare" },
  })
})

it('keeps the order beyond ten values', () => {
  const ids = Array.from({ length: 12 }, (_, index) => `share-class-${index}`)
  expect(inList('id', ids).sql).toBe(`(${ids.map((_, index) => `:id${index}`).join(', ')})`)
})

it('is a list that nothing is in when there are no values', () => {
  expect(inList('id', [])).toEqual({ sql: '(null)', parameters: {} })
})
