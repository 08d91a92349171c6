import { memoryCache } from '@fundmesh/platform/cache/memory'
import type { Statement, Warehouse } from '@fundmesh/platform/warehouse/warehouse'
import { describe, expect, it } from 'vitest'
import { fxSeries } from './fx-rates.ts'
import { withCache } from './with-cache.ts'

/** A warehouse that holds one rate, and the number of versions that its history has. */
function warehouseOf(published: { rate: string; versions: number }) {
  const asked: string[] = []
  const warehouse: Warehouse = {
    async query({ name, parameters }: Statement) {
      asked.push(name)
      const currencies = Object.entries(parameters).flatMap(([key, value]) =>
        key.startsWith('currency') ? [value] : [],
      )
      const { rate, versions } = published
      return currencies.map((currency) =>
        name === 'fxRate.states'
          ? { currency, versions, closed: versions - 1, newest: String(versions), last_closed: null }
          : { currency, date: '2022-06-01', rate },
      )
    },
  }
  return { warehouse, asked }
}

const rateOf = (rate: string) => [{ currency: 'USD', rates: [{ date: '2022-06-01', rate }] }]

describe('cached reference rates', () => {
  it('are read once, and a restated rate is seen at once', async () => {
    const published = { rate: '1.07', versions: 1 }
    const { warehouse, asked } = warehouseOf(published)
    const ask = withCache(fxSeries, memoryCache())
    expect(await ask(warehouse, ['USD'], '2024-01-01T00:00:00.000Z')).toEqual(rateOf('1.07'))
    asked.length = 0
    expect(await ask(warehouse, ['USD'], '2024-01-02T00:00:00.000Z')).toEqual(rateOf('1.07'))
    expect(asked).toEqual(['fxRate.states'])
    Object.assign(published, { rate: '1.08', versions: 2 })
    expect(await ask(warehouse, ['USD'], '2024-01-03T00:00:00.000Z')).toEqual(rateOf('1.08'))
  })

  it('are not kept where something was published while they were read', async () => {
    const published = { rate: '1.07', versions: 1 }
    const { warehouse } = warehouseOf(published)
    const kept: string[] = []
    const cache = { get: async () => undefined, set: async (key: string) => void kept.push(key) }
    const whileReading = withCache(async (...question) => {
      published.versions = 2
      return fxSeries(...question)
    }, cache)
    await whileReading(warehouse, ['USD'], '2024-01-01T00:00:00.000Z')
    expect(kept).toEqual([])
  })

  it('are read anew where an entry is damaged', async () => {
    const { warehouse } = warehouseOf({ rate: '1.07', versions: 1 })
    const ask = withCache(fxSeries, { get: async () => '{"not":"rates"}', set: async () => {} })
    expect(await ask(warehouse, ['USD'], '2024-01-01T00:00:00.000Z')).toEqual(rateOf('1.07'))
  })
})
