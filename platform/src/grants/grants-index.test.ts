import type { ActiveGrant, ResourceKind } from '@fundmesh/contracts/generated/events'
import { describe, expect, it } from 'vitest'
import { GrantsIndex } from './grants-index.ts'
import type { FieldSet, Reading } from './reading.ts'

const now = new Date('2026-03-10T12:00:00Z')
const share = { kind: 'SHARE_CLASS', id: 's1' } as const
const fund = { kind: 'FUND', id: 'f1' } as const

function reading(fieldSet: FieldSet, more: Partial<Reading> = {}): Reading {
  return { tenant: 'alder', channel: 'GRAPHQL', fieldSet, ...more }
}

function grant(resourceKind: ResourceKind, resourceId: string, terms: Partial<ActiveGrant> = {}): ActiveGrant {
  return {
    grantId: `${resourceId}-${JSON.stringify(terms)}`,
    resourceKind,
    resourceId,
    validFrom: '2020-01-01T00:00:00.000000Z',
    validTo: null,
    channels: null,
    fieldSets: null,
    regions: null,
    embargoDays: 0,
    ...terms,
  }
}

/** Two funds of two share classes each, of which alder holds these grants. */
function indexOf(...grants: readonly ActiveGrant[]): GrantsIndex {
  const index = new GrantsIndex()
  for (const [shareClassId, fundId] of Object.entries({ s1: 'f1', s2: 'f1', s3: 'f2', s4: 'f2' })) {
    index.putStructure({ shareClassId, fundId, sequence: 1 })
  }
  index.put({ tenantId: 'alder', epoch: 1, changedAt: now.toISOString(), grants, principals: [] })
  return index
}

describe('a grant', () => {
  it('of a fund opens the fund and its share classes, in every field set', () => {
    const index = indexOf(grant('FUND', 'f1'))
    expect(index.mayRead(reading('RISK'), fund, now)).toBe(true)
    expect(index.visible(reading('NAV'), 'SHARE_CLASS', now)).toEqual(['s1', 's2'])
    expect(index.visible(reading('NAV'), 'FUND', now)).toEqual(['f1'])
  })

  it('of a share class opens that, and of its fund the reference facts', () => {
    const index = indexOf(grant('SHARE_CLASS', 's1'))
    expect(index.visible(reading('NAV'), 'SHARE_CLASS', now)).toEqual(['s1'])
    expect(index.visible(reading('REFERENCE'), 'FUND', now)).toEqual(['f1'])
    expect(index.visible(reading('NAV'), 'FUND', now)).toEqual([])
    expect([index.mayRead(reading('REFERENCE'), fund, now), index.mayRead(reading('NAV'), fund, now)]).toEqual([
      true,
      false,
    ])
  })

  it.each<[string, Partial<ActiveGrant>, Reading, Reading]>([
    ['some channels', { channels: ['STREAM'] }, reading('NAV', { channel: 'STREAM' }), reading('NAV')],
    ['some field sets', { fieldSets: ['NAV'] }, reading('NAV'), reading('RISK')],
    ['some regions', { regions: ['DE'] }, reading('NAV', { region: 'DE' }), reading('NAV', { region: 'FR' })],
    ['no channel at all', { channels: [] }, reading('NAV', { tenant: 'alder' }), reading('NAV')],
  ])('for %s opens to those alone', (name, terms, suited, other) => {
    const index = indexOf(grant('FUND', 'f1', terms))
    expect(index.mayRead(suited, share, now)).toBe(name !== 'no channel at all')
    expect(index.mayRead(other, share, now)).toBe(false)
    expect(index.visible(other, 'SHARE_CLASS', now)).toEqual([])
  })

  it('for some regions opens nothing to a reader whose region is not told', () => {
    expect(indexOf(grant('FUND', 'f1', { regions: ['DE'] })).mayRead(reading('NAV'), share, now)).toBe(false)
  })

  it('for whatever field set opens the reference facts', () => {
    const index = indexOf(grant('FUND', 'f1', { fieldSets: ['RISK'] }))
    expect(index.mayRead(reading('REFERENCE'), share, now)).toBe(true)
    expect(index.fieldSets('alder', 'GRAPHQL', undefined, now)).toEqual(new Set(['REFERENCE', 'RISK']))
    expect(index.fieldSets('birch', 'GRAPHQL', undefined, now).size).toBe(0)
  })

  it('with an embargo opens the values up to so many days ago, and facts without a date', () => {
    const index = indexOf(grant('FUND', 'f1', { embargoDays: 30 }))
    expect(index.lastVisibleDate(reading('NAV'), share, now)).toBe('2026-02-08')
    expect(index.mayRead(reading('NAV'), share, now, '2026-02-08')).toBe(true)
    expect(index.mayRead(reading('NAV'), share, now, '2026-02-09')).toBe(false)
    expect(index.mayRead(reading('NAV'), share, now, 'no date')).toBe(false)
    expect(index.mayRead(reading('NAV'), share, now)).toBe(true)
    expect(index.lastVisibleDate(reading('REFERENCE'), share, now)).toBeNull()
    expect(index.lastVisibleDate(reading('NAV'), { kind: 'SHARE_CLASS', id: 's3' }, now)).toBeUndefined()
    // Each day opens one more.
    expect(index.nextBoundary('alder', now)).toEqual(new Date('2026-03-11T00:00:00Z'))
  })

  it('with a shorter embargo, or none, wins over one with a longer', () => {
    const longer = grant('FUND', 'f1', { embargoDays: 30 })
    const shorter = grant('SHARE_CLASS', 's1', { embargoDays: 7 })
    expect(indexOf(longer, shorter).lastVisibleDate(reading('NAV'), share, now)).toBe('2026-03-03')
    expect(indexOf(longer, grant('SHARE_CLASS', 's1')).lastVisibleDate(reading('NAV'), share, now)).toBeNull()
  })
})

describe('a list', () => {
  it('is the same one until an epoch, the structure or time changes it', () => {
    const index = indexOf(grant('FUND', 'f1', { validTo: '2026-03-10T12:00:01.000000Z' }), grant('SHARE_CLASS', 's4'))
    const list = (at = now) => index.visible(reading('NAV'), 'SHARE_CLASS', at)
    expect(list()).toEqual(['s1', 's2', 's4'])
    expect(list()).toBe(list())
    index.putStructure({ shareClassId: 's0', fundId: 'f1', sequence: 1 })
    expect(list()).toEqual(['s0', 's1', 's2', 's4'])
    expect(list(new Date(now.getTime() + 999))).toHaveLength(4)
    expect(list(new Date(now.getTime() + 1_000))).toEqual(['s4'])
    // A clock that went back gets no list of the future.
    expect(list()).toHaveLength(4)
    index.put({ tenantId: 'alder', epoch: 2, changedAt: now.toISOString(), grants: [], principals: [] })
    expect(list()).toEqual([])
    index.put({
      tenantId: 'alder',
      epoch: 3,
      changedAt: now.toISOString(),
      grants: [grant('FUND', 'f2')],
      principals: [],
    })
    expect(list()).toEqual(['s3', 's4'])
    index.forget('alder')
    expect(list()).toEqual([])
  })
})

describe('a second reading of everything', () => {
  it('tells the tenants for which the structure changed, and forgets what it has lost', () => {
    const index = indexOf(grant('FUND', 'f1'))
    const reading2 = new GrantsIndex(index)
    reading2.putStructure({ shareClassId: 's1', fundId: 'f1', sequence: 1 })
    reading2.put({
      tenantId: 'alder',
      epoch: 1,
      changedAt: now.toISOString(),
      grants: [grant('FUND', 'f1')],
      principals: [],
    })
    expect(index.renew(reading2)).toEqual(['alder'])
    expect(index.visible(reading('NAV'), 'SHARE_CLASS', now)).toEqual(['s1'])
    expect(index.renew(reading2)).toEqual([])
  })
})
