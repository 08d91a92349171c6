import { describe, expect, it } from 'vitest'
import { fakeWarehouse } from '../testing/fake-warehouse.ts'
import { withEpoch } from './with-epoch.ts'

const question = { name: 'nav.latest', sql: 'select 1', parameters: {} }

/** Row policies that learn of one more change each time they are looked at. */
function learning(epoch = 0) {
  return fakeWarehouse({ 'rowGrant.epochOfTenant': () => [{ epoch: epoch++ }], 'nav.latest': () => [{ price: '1' }] })
}
const names = ({ asked }: ReturnType<typeof fakeWarehouse>) => asked.map(({ name }) => name)

describe('a warehouse that must know of a change', () => {
  it('answers nothing before it does, and is looked at once for all questions of a request', async () => {
    const warehouse = learning()
    const waiting = withEpoch(warehouse, 2, { withinMs: 10_000, lookMs: 1 })
    const answers = await Promise.all([waiting.query(question), waiting.query(question)])
    expect(answers).toEqual([[{ price: '1' }], [{ price: '1' }]])
    await waiting.query(question)
    const looks = Array.from({ length: 3 }, () => 'rowGrant.epochOfTenant')
    expect(names(warehouse)).toEqual([...looks, 'nav.latest', 'nav.latest', 'nav.latest'])
  })

  it('refuses every question of the request when it does not learn of the change in time', async () => {
    const warehouse = fakeWarehouse({ 'rowGrant.epochOfTenant': () => [{ epoch: 6 }] })
    const waiting = withEpoch(warehouse, 7, { withinMs: 5, lookMs: 1 })
    await expect(waiting.query(question)).rejects.toMatchObject({ code: 'CONSISTENCY_TIMEOUT' })
    await expect(waiting.query(question)).rejects.toMatchObject({ code: 'CONSISTENCY_TIMEOUT' })
    expect(names(warehouse)).not.toContain('nav.latest')
  })

  it('costs a request that names no change nothing', async () => {
    const warehouse = learning()
    await withEpoch(warehouse, 0, { withinMs: 5 }).query(question)
    expect(names(warehouse)).toEqual(['nav.latest'])
  })
})
