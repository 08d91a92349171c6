import { beforeEach, describe, expect, it } from 'vitest'
import type { PermittedOperation } from '../access/permit.ts'
import { codedError } from '../errors/catalogue.ts'
import type { Plan, Planner } from './planner.ts'
import { withPlanCache } from './with-plan-cache.ts'

const operation = (view: string, planKey: string) => ({ view, planKey }) as PermittedOperation

describe('plans that were made', () => {
  let made: string[]
  let fail: Error | undefined
  let planner: Planner

  beforeEach(() => {
    made = []
    fail = undefined
    planner = withPlanCache({
      async plan({ view, planKey }) {
        made.push(`${view} ${planKey}`)
        if (fail) throw fail
        return { kind: 'QueryPlan' } satisfies Plan
      },
    })
  })

  it('are the same object for the same operation, also while they are being made', async () => {
    const [one, two] = await Promise.all([planner.plan(operation('v', 'a')), planner.plan(operation('v', 'a'))])
    expect(two).toBe(one)
    expect(await planner.plan(operation('v', 'a'))).toBe(one)
    expect(made).toEqual(['v a'])
  })

  it('are others for another view and for another remainder', async () => {
    const one = await planner.plan(operation('v', 'a'))
    expect(await planner.plan(operation('w', 'a'))).not.toBe(one)
    expect(await planner.plan(operation('v', 'a 01'))).not.toBe(one)
  })

  it('are others where a label has the name of what was left', async () => {
    const left = await planner.plan(operation('v', 'a b'))
    expect(await planner.plan(operation('v', 'a'), ['b'])).not.toBe(left)
  })

  it('are others where other conditions were decided', async () => {
    const decided = (value: boolean) => planner.plan(operation('v', 'a'), [], [['if', value]])
    const one = await decided(true)
    expect(await decided(true)).toBe(one)
    expect(await decided(false)).not.toBe(one)
    expect(await planner.plan(operation('v', 'a'))).not.toBe(one)
  })

  it('are made anew where that failed', async () => {
    fail = codedError('OPERATION_PLANNING_FAILED')
    await expect(planner.plan(operation('v', 'a'))).rejects.toThrow(fail)
    fail = undefined
    await expect(planner.plan(operation('v', 'a'))).resolves.toBeDefined()
  })

  it('are not tried again and again where they take too much', async () => {
    fail = codedError('OPERATION_PLANNING_TIMEOUT')
    const refused = { extensions: expect.objectContaining({ code: 'OPERATION_PLANNING_TIMEOUT' }) }
    await expect(planner.plan(operation('v', 'a'))).rejects.toMatchObject(refused)
    await expect(planner.plan(operation('v', 'a'))).rejects.toMatchObject(refused)
    expect(made).toEqual(['v a'])
  })

  it('are kept up to a bound', async () => {
    for (let index = 0; index <= 2_000; index += 1) await planner.plan(operation('v', String(index)))
    const before = made.length
    await planner.plan(operation('v', '2000'))
    expect(made.length).toBe(before)
    await planner.plan(operation('v', '0'))
    expect(made.length).toBe(before + 1)
  })
})
