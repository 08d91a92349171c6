import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { parseEventContracts, schemas, topics } from './events.ts'
import { generateEventTypes } from './generate-events.ts'

const good = `
schemas: { 1: thing.v1.avsc }
topics:
  things:
    schema: thing.v1.avsc
    types: [thing.v1]
    key: id
    sequence: n
    partitions: 2
    cleanup: compact
    resources: { FUND: id }
    fieldSet: NAV
    valueDate: day
`
const schema = JSON.stringify({
  type: 'record',
  name: 'Thing',
  namespace: 'x',
  fields: [
    { name: 'id', type: 'string' },
    { name: 'n', type: 'long' },
    { name: 'day', type: { type: 'int', logicalType: 'date' } },
    { name: 'note', type: ['null', 'string'], default: null },
  ],
})
const parse = (text: string) => parseEventContracts(text, () => schema)

it('the contracts of the repository hold together', () => {
  expect([...schemas.keys()]).toEqual(expect.arrayContaining([1, 2, 4, 10]))
  const intraday = topics.get('asset-management.nav.intraday')
  expect(intraday).toMatchObject({ key: 'shareClassId', sequence: 'sequence', partitions: 12, retentionDays: 7 })
  expect(intraday).toMatchObject({ fieldSet: 'NAV', valueDate: 'navDate' })
  expect(intraday?.resources.get('FUND')).toBe('fundId')
  expect(intraday?.schema.id).toBe(1)
})

it('a complete file is read', () => {
  expect(parse(good).topics.get('things')).toMatchObject({ name: 'things', schema: { id: 1 }, cleanup: 'compact' })
})

it.each([
  ['an unknown key', good.replace('cleanup:', 'cleanUp: x\n    cleanup:'), /cleanUp/],
  ['a missing key', good.replace('    key: id\n', ''), /topics\.things\.key/],
  [
    'a schema without an id',
    good.replace('schema: thing', 'schema: other'),
    /topic things: the schema other\.v1\.avsc has no id/,
  ],
  [
    'a key that is no field',
    good.replace('key: id', 'key: code'),
    /topic things: its key field "code" is not in thing\.v1\.avsc/,
  ],
  ['a key that may be null', good.replace('key: id', 'key: note'), /its key field "note" must be string/],
  ['a sequence that is no number', good.replace('sequence: n', 'sequence: id'), /its sequence field "id" must be long/],
  ['a resource that is no field', good.replace('FUND: id', 'FUND: fund'), /its resource FUND field "fund"/],
  ['an unknown kind of resource', good.replace('FUND: id', 'PERSON: id'), /PERSON/],
  [
    'a resource without its field set',
    good.replace('    fieldSet: NAV\n', ''),
    /fieldSet belongs to a topic with resources/,
  ],
  ['values without their date', good.replace('    valueDate: day\n', ''), /valueDate belongs to every topic/],
  ['a date that is no date', good.replace('valueDate: day', 'valueDate: n'), /its valueDate field "n" must be date/],
  ['a compacted topic with a retention', good.replace('compact', 'compact\n    retentionDays: 3'), /retentionDays/],
  ['a deleted topic without one', good.replace('compact', 'delete'), /retentionDays/],
])('%s is refused by name', (_, text, message) => {
  expect(() => parse(text)).toThrow(message)
})

it('a schema that cannot be read is refused by name', () => {
  const missing = () => {
    throw new Error('no such file')
  }
  expect(() => parseEventContracts(good, missing)).toThrow(/schema thing\.v1\.avsc: no such file/)
})

it('the generated types match the schemas', () => {
  expect(readFileSync(new URL('./generated/events.ts', import.meta.url), 'utf8')).toBe(generateEventTypes())
})
