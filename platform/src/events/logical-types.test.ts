import avro from 'avsc'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decimalBytes, decimalText, logicalTypes } from './logical-types.ts'

const type = (schema: object) => avro.Type.forSchema(schema as avro.Schema, { logicalTypes })
const date = type({ type: 'int', logicalType: 'date' })
const micros = type({ type: 'long', logicalType: 'timestamp-micros' })
const millis = type({ type: 'long', logicalType: 'timestamp-millis' })

describe('a decimal', () => {
  it.each([
    ['0', 0, '00'],
    ['1', 0, '01'],
    ['127', 0, '7f'],
    ['128', 0, '0080'],
    ['-1', 0, 'ff'],
    ['-128', 0, '80'],
    ['-129', 0, 'ff7f'],
    ['2.66', 2, '010a'],
    ['-0.5', 1, 'fb'],
  ])('%s with scale %i is %s, the shortest two’s complement', (text, scale, hex) => {
    expect(decimalBytes(text, 38, scale).toString('hex')).toBe(hex)
    expect(decimalText(Buffer.from(hex, 'hex'), 38, scale)).toBe(text)
  })

  it('survives the way there and back, whatever its size', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 38n - 1n), max: 10n ** 38n - 1n }), fc.nat(18), (unscaled, scale) => {
        const digits = String(unscaled < 0n ? -unscaled : unscaled).padStart(scale + 1, '0')
        const point = digits.length - scale
        const fraction = digits.slice(point).replace(/0+$/, '')
        const magnitude = `${digits.slice(0, point)}${fraction && '.'}${fraction}`
        const text = unscaled < 0n ? `-${magnitude}` : magnitude
        expect(decimalText(decimalBytes(text, 38, scale), 38, scale)).toBe(text)
      }),
    )
  })

  it('is canonical: needless zeros go, and zero has no sign', () => {
    expect(decimalText(decimalBytes('26.66200', 38, 10), 38, 10)).toBe('26.662')
    expect(decimalText(decimalBytes('-0.00', 38, 10), 38, 10)).toBe('0')
  })

  it.each(['1e5', '+1', '.5', '1.', '01', '', 'NaN', 5, null])('is not %j', (text) => {
    expect(() => decimalBytes(text, 38, 10)).toThrow(/expected a decimal/)
  })

  it('of more digits than the precision is refused, written and read', () => {
    expect(() => decimalBytes('1000', 3, 0)).toThrow(/needs 4 digits, where 3 fit/)
    expect(() => decimalText(Buffer.from('03e8', 'hex'), 3, 0)).toThrow(/4 digits, where 3 fit/)
  })
})

describe('dates and times', () => {
  it('survive the way there and back', () => {
    const between = {
      min: new Date('0000-01-01T00:00:00Z'),
      max: new Date('9999-12-31T00:00:00Z'),
      noInvalidDate: true,
    }
    fc.assert(
      fc.property(fc.date(between), (day) => {
        const text = day.toISOString().slice(0, 10)
        expect(date.fromBuffer(date.toBuffer(text))).toBe(text)
        expect(millis.fromBuffer(millis.toBuffer(day.toISOString()))).toBe(day.toISOString())
      }),
    )
  })

  it.each([
    ['2026-01-31T12:00:00.250125Z', '2026-01-31T12:00:00.250125Z'],
    ['2026-01-31T12:00:00.250000Z', '2026-01-31T12:00:00.250Z'],
    ['2026-01-31T12:00:00Z', '2026-01-31T12:00:00.000Z'],
    ['1969-12-31T23:59:59.999999Z', '1969-12-31T23:59:59.999999Z'],
  ])('%s in microseconds is read as %s', (written, read) => {
    expect(micros.fromBuffer(micros.toBuffer(written))).toBe(read)
  })

  it.each(['2023-02-29', '2023-2-1', '20230201', 'today', 19_000])('%j is no date', (text) => {
    expect(() => date.toBuffer(text)).toThrow(/expected a date/)
  })

  it.each([
    '2026-01-31',
    '2026-01-31T12:00:00+01:00',
    '2026-13-31T12:00:00Z',
    '2026-01-31T25:00:00Z',
    '2026-02-30T12:00:00Z',
  ])('%j is no time in UTC', (text) => {
    expect(() => micros.toBuffer(text)).toThrow(/expected a time in UTC/)
  })
})

it('a newer reader understands an older writer’s decimals, dates and times', () => {
  const decimal = { type: 'bytes', logicalType: 'decimal', precision: 38, scale: 10 }
  const day = { type: 'int', logicalType: 'date' }
  const older = type({
    type: 'record',
    name: 'R',
    fields: [
      { name: 'price', type: decimal },
      { name: 'day', type: day },
    ],
  })
  const newer = type({
    type: 'record',
    name: 'R',
    fields: [
      { name: 'day', type: day },
      { name: 'added', type: ['null', { type: 'long', logicalType: 'timestamp-micros' }], default: null },
      { name: 'price', type: decimal },
    ],
  })
  const bytes = older.toBuffer({ price: '1.5', day: '2024-02-29' })
  expect(newer.fromBuffer(bytes, newer.createResolver(older))).toEqual({ price: '1.5', day: '2024-02-29', added: null })
  const rescaled = type({
    type: 'record',
    name: 'R',
    fields: [
      { name: 'price', type: { ...decimal, scale: 2 } },
      { name: 'day', type: day },
    ],
  })
  expect(() => rescaled.createResolver(older)).toThrow()
})
