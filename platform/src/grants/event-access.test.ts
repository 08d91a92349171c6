import type { ActiveGrant } from '@fundmesh/contracts/generated/events'
import { describe, expect, it } from 'vitest'
import type { Event } from '../events/codec.ts'
import { eventAccess } from './event-access.ts'
import { GrantsIndex } from './grants-index.ts'

const today = () => new Date().toISOString().slice(0, 10)
const nav = (navDate = today()): Event =>
  ({
    topic: 'asset-management.nav.intraday',
    key: 'a',
    sequence: 1,
    data: { shareClassId: 'a', fundId: 'fund-of-a', navDate },
  }) as unknown as Event

const grant: ActiveGrant = {
  grantId: 'g',
  resourceKind: 'SHARE_CLASS',
  resourceId: 'a',
  validFrom: '2020-01-01T00:00:00.000Z',
  validTo: null,
  channels: null,
  fieldSets: null,
  regions: null,
  embargoDays: 0,
}

/** Whether alder, in Germany, may read the event while it holds these grants. */
function mayRead(held: readonly ActiveGrant[], event = nav()): boolean {
  const index = new GrantsIndex()
  index.put({ tenantId: 'alder', epoch: 1, changedAt: '2024-01-01T00:00:00.000Z', grants: held, principals: [] })
  return eventAccess(index, 'STREAM')({ tenant: 'alder', region: 'DE' }, event)
}

// A stream asks this again with each change of the tenant's grants: where the answer turns, it ends (subscription.ts).
describe('an event of a stream', () => {
  it('is open by a grant of its share class, or of the fund that it names', () => {
    expect(mayRead([grant])).toBe(true)
    expect(mayRead([{ ...grant, resourceKind: 'FUND', resourceId: 'fund-of-a' }])).toBe(true)
    expect(mayRead([{ ...grant, resourceId: 'b' }])).toBe(false)
  })

  it.each<[string, readonly ActiveGrant[], boolean]>([
    ['the grant is suspended, revoked or over: it is not among those published', [], false],
    ['it is for other regions', [{ ...grant, regions: ['FR', 'US'] }], false],
    ['it is for this region', [{ ...grant, regions: ['DE'] }], true],
    ['it is not for streams', [{ ...grant, channels: ['GRAPHQL', 'KAFKA'] }], false],
    ['it is for streams', [{ ...grant, channels: ['STREAM'] }], true],
    ['it is not for NAVs', [{ ...grant, fieldSets: ['REFERENCE', 'RISK'] }], false],
    ['it is for NAVs', [{ ...grant, fieldSets: ['NAV'] }], true],
    ['its embargo hides the day', [{ ...grant, embargoDays: 1 }], false],
    ['its window is over', [{ ...grant, validTo: '2021-01-01T00:00:00.000Z' }], false],
    [
      'another grant opens what the first does not',
      [
        { ...grant, embargoDays: 9 },
        { ...grant, grantId: 'h' },
      ],
      true,
    ],
  ])('where %s', (_, held, open) => {
    expect(mayRead(held)).toBe(open)
  })

  it('is open behind the embargo', () => {
    expect(mayRead([{ ...grant, embargoDays: 1 }], nav('2020-07-01'))).toBe(true)
  })
})
