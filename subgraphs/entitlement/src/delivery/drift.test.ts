import { describe, expect, it } from 'vitest'
import type { HeldGrant } from '../store/outbox.ts'
import { drift } from './drift.ts'

const grant = (grantId: string, more: Partial<HeldGrant> = {}): HeldGrant => ({
  grantId,
  resourceKind: 'FUND',
  resourceId: 'tsp:c-fund',
  validFrom: '2020-01-01T00:00:00.000000Z',
  validTo: null,
  channels: null,
  fieldSets: null,
  regions: null,
  embargoDays: 0,
  ...more,
})
const between = (ours: readonly HeldGrant[], theirs: readonly HeldGrant[]) =>
  drift({ grants: ours }, { grants: theirs })

describe('the drift of a holder of grants', () => {
  it('is none where it has the same, in whatever order, an instant written shorter', () => {
    const short = grant('b', { validFrom: '2020-01-01T00:00:00.000Z' })
    expect(between([grant('a'), grant('b')], [short, grant('a')])).toEqual([])
  })

  it('names the grants that it lacks, has too many or has otherwise', () => {
    const ours = [grant('a'), grant('b', { channels: ['STREAM'] }), grant('c')]
    expect(between(ours, [grant('a'), grant('b'), grant('d')])).toEqual(['b', 'c', 'd'])
    expect(between([grant('a')], [grant('a', { embargoDays: 1 })])).toEqual(['a'])
  })
})
