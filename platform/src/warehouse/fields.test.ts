import { describe, expect, it } from 'vitest'
import { toRows } from './fields.ts'

describe('rows', () => {
  it('keep decimals and dates as the texts that came', () => {
    const columns = [
      { name: 'price' },
      { name: 'day' },
      { name: 'n' },
      { name: 'f' },
      { name: 'yes' },
      { name: 'none' },
    ]
    const record = [
      { stringValue: '1234567890123456789012345678.0123456789' },
      { stringValue: '2024-02-29' },
      { longValue: 0 },
      { doubleValue: 0.1 },
      { booleanValue: false },
      { isNull: true },
    ]
    expect(toRows(columns, [record])).toEqual([
      { price: '1234567890123456789012345678.0123456789', day: '2024-02-29', n: 0, f: 0.1, yes: false, none: null },
    ])
  })

  it('are refused when a whole number lost digits on its way through JavaScript', () => {
    expect(() => toRows([{ name: 'n' }], [[{ longValue: 2 ** 53 }]])).toThrow('select it as text')
  })

  it('are refused when two columns have one name', () => {
    const record = [{ longValue: 1 }, { longValue: 2 }]
    expect(() => toRows([{ name: 'id' }, { name: 'id' }], [record])).toThrow('got "id" twice')
  })

  it('are refused when a value is of no kind that is known', () => {
    expect(() => toRows([{ name: 'b' }], [[{ blobValue: new Uint8Array() }]])).toThrow('got a field of blobValue')
  })
})
