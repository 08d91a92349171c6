import type { FieldSet } from '@fundmesh/platform/grants/reading'
import { anonymous } from '@fundmesh/platform/identity/caller'
import type { Reader } from '@fundmesh/platform/service/reader'
import { describe, expect, it } from 'vitest'
import { createContext } from './context.ts'

const knownAt = '2024-01-02T00:00:00.000Z'
const row = {
  share_class_id: 'tsp:b',
  nav_date: '2024-01-01',
  nav_price: '10',
  currency: 'USD',
  is_primary: true,
}

/** To whom one field set is open, whatever the thing. */
function contextOf(open: FieldSet) {
  const readerOf = (fieldSet: FieldSet): Reader => ({
    query: async () => [row],
    sees: () => fieldSet === open,
    lastDate: () => (fieldSet === open ? null : undefined),
    all: () => [],
  })
  const passport = { caller: anonymous, channel: 'GRAPHQL', atLeastEpoch: 0, knownAt } as const
  return createContext(passport, readerOf, async () => [])
}

describe('what a market value is made of', () => {
  const asOf = { validAt: '2024-01-02', knownAt }

  it('is NAVs: a right to performance opens none', async () => {
    const { loaders } = contextOf('PERFORMANCE')
    expect(await loaders.latestNav(asOf).load('tsp:b')).toBeNull()
    expect(await loaders.navSeries({ knownAt }).load('tsp:b')).toHaveLength(1)
  })

  it('is open to a right to NAVs', async () => {
    const { loaders } = contextOf('NAV')
    expect(await loaders.latestNav(asOf).load('tsp:b')).toMatchObject({ shareClassId: 'tsp:b' })
    expect(await loaders.navSeries({ knownAt }).load('tsp:b')).toEqual([])
  })
})
