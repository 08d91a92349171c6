import { describe, expect, it } from 'vitest'
import { KEYS_PER_STATEMENT, manyByKey, oneByKey, perQuestion } from './loaders.ts'

interface Row {
  readonly key: string
  readonly value: number
}
const table: readonly Row[] = [
  { key: 'a', value: 1 },
  { key: 'b', value: 2 },
  { key: 'b', value: 3 },
]
function asked() {
  const statements: (readonly string[])[] = []
  const ask = async (keys: readonly string[]) => {
    statements.push(keys)
    return table.filter(({ key }) => keys.includes(key))
  }
  return { statements, ask }
}

describe('oneByKey', () => {
  it('answers many keys with one statement, each key named once, in the order of the keys', async () => {
    const { statements, ask } = asked()
    const loader = oneByKey(ask, (row) => row.key)
    const rows = await Promise.all(['none', 'a', 'a'].map((key) => loader.load(key)))
    expect(rows).toEqual([null, table[0], table[0]])
    expect(statements).toEqual([['none', 'a']])
  })

  it('takes a second statement for more keys than one can name', async () => {
    const { statements, ask } = asked()
    const loader = oneByKey(ask, (row) => row.key)
    await Promise.all(Array.from({ length: KEYS_PER_STATEMENT + 1 }, (_, index) => loader.load(`key ${index}`)))
    expect(statements.map((keys) => keys.length)).toEqual([KEYS_PER_STATEMENT, 1])
  })

  it('finds nothing under a key that cannot be stored, and asks for no such key', async () => {
    const { statements, ask } = asked()
    const loader = oneByKey(ask, (row) => row.key)
    expect(await Promise.all([loader.load(''), loader.load('a\0'), loader.load('a')])).toEqual([null, null, table[0]])
    expect(statements).toEqual([['a']])
    expect(await oneByKey(ask, (row) => row.key).load('')).toBeNull()
    expect(statements).toHaveLength(1)
  })

  it('finds no row without the key', async () => {
    const loader = oneByKey(
      async () => [{ isin: null }],
      (row: { isin: string | null }) => row.isin,
    )
    expect(await loader.load('null')).toBeNull()
  })
})

describe('manyByKey', () => {
  it('keeps the order of the answer, and gives an empty list for none', async () => {
    const { statements, ask } = asked()
    const loader = manyByKey(ask, (row) => row.key)
    expect(await Promise.all([loader.load('b'), loader.load('none')])).toEqual([[table[1], table[2]], []])
    expect(statements).toHaveLength(1)
  })
})

describe('perQuestion', () => {
  it('makes one loader for equal questions and another for a different one', () => {
    const made = perQuestion((question: { day: string; rows?: number | undefined }) => ({ question }))
    expect(made({ day: '2024-01-15' })).toBe(made({ day: '2024-01-15', rows: undefined }))
    expect(made({ day: '2024-01-15' })).not.toBe(made({ day: '2024-01-16' }))
  })
})
