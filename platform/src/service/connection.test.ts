import { describe, expect, it } from 'vitest'
import { connection, rowsToRead } from './connection.ts'

const page = (rows: readonly string[], first: number | null | undefined, after: string | null = null) =>
  connection(rows, { first, after, cursorOf: (node) => `cursor of ${node}` })

describe('rowsToRead', () => {
  it('is one more than asked for, to know whether another page follows', () => {
    expect(rowsToRead(1)).toBe(2)
    expect(rowsToRead(1_000)).toBe(1_001)
  })
  it('is for 100 where nothing is asked for', () => {
    expect(rowsToRead(undefined)).toBe(101)
    expect(rowsToRead(null)).toBe(101)
  })
  it.each([0, -1, 1_001])('refuses %i, naming what was expected and what came', (first) => {
    expect(() => rowsToRead(first)).toThrow(`first: expected 1 to 1000; got ${first}`)
  })
})

describe('a page', () => {
  it('with more rows behind it leaves the last one read to the next page', () => {
    expect(page(['a', 'b', 'c'], 2)).toEqual({
      edges: [
        { cursor: 'cursor of a', node: 'a' },
        { cursor: 'cursor of b', node: 'b' },
      ],
      nodes: ['a', 'b'],
      pageInfo: { hasNextPage: true, hasPreviousPage: false, startCursor: 'cursor of a', endCursor: 'cursor of b' },
    })
  })
  it('that ends the connection exactly has no next', () => {
    expect(page(['a', 'b'], 2).pageInfo.hasNextPage).toBe(false)
  })
  it('behind a cursor has a previous', () => {
    expect(page(['c'], 2, 'cursor of b').pageInfo).toMatchObject({ hasPreviousPage: true, hasNextPage: false })
  })
  it('that is empty has no cursors', () => {
    expect(page([], 2)).toEqual({
      edges: [],
      nodes: [],
      pageInfo: { hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null },
    })
  })
})
