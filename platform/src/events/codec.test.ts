import { schemas } from '@fundmesh/contracts/events'
import avro from 'avsc'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeEvent, encodeEvent, type NewEvent, PoisonRecord } from './codec.ts'
import type { LogRecord, NewRecord } from './log.ts'
import { logicalTypes } from './logical-types.ts'

const nav: NewEvent<'asset-management.nav.intraday'> = {
  topic: 'asset-management.nav.intraday',
  type: 'asset-management.nav.published.v1',
  source: '/market',
  id: 'tsp:c-fund/7',
  time: new Date('2026-01-31T12:00:00.250Z'),
  data: {
    shareClassId: 'tsp:c-fund',
    fundId: 'tsp:c-fund',
    isin: null,
    navDate: '2024-02-29',
    navPrice: '26.662',
    priceCurrency: 'USD',
    priceNature: 'INDICATIVE',
    sequence: 7,
    recordedAt: '2026-01-31T12:00:00.250125Z',
  },
}

const asRead = (record: NewRecord, change: Partial<LogRecord> = {}): LogRecord => ({
  ...record,
  partition: 3,
  offset: 41n,
  appendedAt: new Date(),
  ...change,
})

describe('an event', () => {
  it('comes back as it was written', () => {
    expect(decodeEvent(asRead(encodeEvent(nav)))).toEqual({
      topic: nav.topic,
      type: nav.type,
      source: '/market',
      id: 'tsp:c-fund/7',
      time: '2026-01-31T12:00:00.250Z',
      key: 'tsp:c-fund',
      sequence: 7,
      data: nav.data,
    })
  })

  it('is a CloudEvent in binary mode, its value framed with the id of the schema', () => {
    const record = encodeEvent(nav)
    expect(record.key).toBe('tsp:c-fund')
    expect(record.headers).toEqual({
      'content-type': 'application/avro',
      ce_specversion: '1.0',
      ce_id: 'tsp:c-fund/7',
      ce_source: '/market',
      ce_type: 'asset-management.nav.published.v1',
      ce_time: '2026-01-31T12:00:00.250Z',
      ce_subject: 'tsp:c-fund',
      ce_dataschema: 'urn:fundmesh:event-schema:nav-published.v1',
      ce_partitionkey: 'tsp:c-fund',
    })
    expect([...record.value.subarray(0, 5)]).toEqual([0, 0, 0, 0, 1])
  })

  it('with nested records and an open end comes back too', () => {
    const data = {
      tenantId: 'alder',
      epoch: 2,
      changedAt: '2026-01-31T12:00:00.000Z',
      grants: [
        {
          grantId: 'g1',
          resourceKind: 'FUND' as const,
          resourceId: 'tsp:g-fund',
          validFrom: '2020-01-01T00:00:00.000Z',
          validTo: null,
          channels: null,
          fieldSets: null,
          regions: null,
          embargoDays: 0,
        },
        {
          grantId: 'g2',
          resourceKind: 'SHARE_CLASS' as const,
          resourceId: 'tsp:c-fund',
          validFrom: '2020-01-01T00:00:00.000Z',
          validTo: '2027-01-01T00:00:00.000001Z',
          channels: ['STREAM' as const],
          fieldSets: ['REFERENCE' as const, 'NAV' as const],
          regions: ['DE', 'AT'],
          embargoDays: 30,
        },
      ],
      principals: [{ subject: 'person', roles: ['analyst'] }],
    }
    const record = encodeEvent({
      topic: 'asset-management.entitlement.changes',
      type: 'asset-management.entitlement.grants.v1',
      source: '/entitlement',
      id: 'alder/2',
      time: new Date(),
      data,
    })
    expect(decodeEvent(asRead(record))).toMatchObject({ key: 'alder', sequence: 2, data })
  })

  it('written by the schema before is read as the schema now has it: what was not said is not limited', () => {
    const grant = {
      grantId: 'g1',
      resourceKind: 'FUND',
      resourceId: 'tsp:g-fund',
      validFrom: '2020-01-01T00:00:00.000Z',
      validTo: null,
    }
    const before = { tenantId: 'alder', epoch: 2, changedAt: '2026-01-31T12:00:00.000Z', grants: [grant] }
    const record = encodeEvent({
      topic: 'asset-management.entitlement.changes',
      type: 'asset-management.entitlement.grants.v1',
      source: '/entitlement',
      id: 'alder/2',
      time: new Date(),
      data: { ...before, grants: [], principals: [] },
    })
    const writer = avro.Type.forSchema(schemas.get(2)!.avro as unknown as avro.Schema, { logicalTypes })
    const value = Buffer.concat([Buffer.from([0, 0, 0, 0, 2]), writer.toBuffer(before)])
    const open = { channels: null, fieldSets: null, regions: null, embargoDays: 0 }
    expect(decodeEvent(asRead({ ...record, value })).data).toEqual({
      ...before,
      grants: [{ ...grant, ...open }],
      principals: [],
    })
  })

  it('keeps every price exactly', () => {
    const price = fc
      .tuple(fc.bigInt({ min: 0n, max: 10n ** 27n }), fc.stringMatching(/^(\d{0,9}[1-9])?$/))
      .map(([whole, fraction]) => (fraction ? `${whole}.${fraction}` : `${whole}`))
    fc.assert(
      fc.property(price, (navPrice) => {
        const decoded = decodeEvent(asRead(encodeEvent({ ...nav, data: { ...nav.data, navPrice } })))
        expect(decoded.data).toMatchObject({ navPrice })
      }),
    )
  })
})

describe('a writer is told', () => {
  it.each([
    ['which field does not fit', { navPrice: 26.662 as unknown as string }, /navPrice.*26\.662/],
    ['that a price is too fine', { navPrice: '1.00000000001' }, /more than 10 decimal places/],
    ['that a day does not exist', { navDate: '2023-02-29' }, /navDate.*2023-02-29/],
    ['that a time is not in UTC', { recordedAt: '2026-01-31T12:00:00+01:00' }, /recordedAt/],
    ['that an enum has no such symbol', { priceNature: 'GUESS' as 'OFFICIAL' }, /priceNature.*GUESS/],
    ['that the key is empty', { shareClassId: '' }, /shareClassId is empty/],
  ])('%s', (_, change, message) => {
    expect(() => encodeEvent({ ...nav, data: { ...nav.data, ...change } })).toThrow(message)
  })

  it('that the topic holds no such type', () => {
    expect(() => encodeEvent({ ...nav, type: 'nav.v9' })).toThrow(
      /holds asset-management\.nav\.published\.v1; got .*nav\.v9/,
    )
  })
})

describe('a record is poison', () => {
  const good = encodeEvent(nav)
  const without = (name: string) =>
    Object.fromEntries(Object.entries(good.headers).filter(([header]) => header !== name))
  const framed = (id: number) => Buffer.concat([Buffer.from([0, 0, 0, 0, id]), good.value.subarray(5)])

  it.each<[string, Partial<LogRecord>, RegExp]>([
    ['of an unknown topic', { topic: 'nowhere' }, /no contract/],
    ['without an id', { headers: without('ce_id') }, /ce_id is missing/],
    ['of a foreign type', { headers: { ...good.headers, ce_type: 'x' } }, /its type is x/],
    ['of another CloudEvents version', { headers: { ...good.headers, ce_specversion: '2.0' } }, /version is 2\.0/],
    [
      'of another content type',
      { headers: { ...good.headers, 'content-type': 'application/json' } },
      /application\/json/,
    ],
    ['with an empty value', { value: Buffer.alloc(0) }, /does not begin with a zero/],
    ['with an unknown schema', { value: framed(99) }, /schema 99 is unknown/],
    ["with another event's schema", { value: framed(2) }, /nav-published\.v1\.avsc/],
    ['cut short', { value: good.value.subarray(0, -3) }, /nav-published\.v1\.avsc/],
    ['with bytes to spare', { value: Buffer.concat([good.value, Buffer.from([1])]) }, /nav-published\.v1\.avsc/],
    ['whose key is not the one in its value', { key: 'tsp:g-fund' }, /its key is "tsp:g-fund"/],
  ])('%s', (_, change, reason) => {
    expect(() => decodeEvent(asRead(good, change))).toThrow(PoisonRecord)
    expect(() => decodeEvent(asRead(good, change))).toThrow(reason)
  })

  it('and says where it stands', () => {
    try {
      decodeEvent(asRead(good, { value: Buffer.from('junk') }))
      expect.unreachable()
    } catch (error) {
      expect(error).toMatchObject({ topic: nav.topic, partition: 3, offset: 41n })
      expect((error as Error).message).toContain('asset-management.nav.intraday/3@41')
    }
  })

  it('whatever its bytes are, and never another kind of error', () => {
    const mangled = fc
      .tuple(fc.nat(good.value.length - 1), fc.uint8Array({ minLength: 1, maxLength: 12 }))
      .map(([at, bytes]) => Buffer.concat([good.value.subarray(0, at), bytes, good.value.subarray(at + bytes.length)]))
    fc.assert(
      fc.property(
        fc.oneof(
          mangled,
          fc.uint8Array({ maxLength: 80 }).map((bytes) => Buffer.from(bytes)),
        ),
        (value) => {
          try {
            decodeEvent(asRead(good, { value }))
          } catch (error) {
            expect(error).toBeInstanceOf(PoisonRecord)
          }
        },
      ),
      { numRuns: 2_000 },
    )
  })
})
