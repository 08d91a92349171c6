import { anonymous } from '@fundmesh/platform/identity/caller'
import { beforeAll, describe, expect, it } from 'vitest'
import type { PermittedOperation } from '../access/permit.ts'
import { plannedGraph } from './cases.ts'
import { fetchesOf } from './fetches.ts'
import { overrideLabels, withOverrides } from './with-overrides.ts'

const subjects = Array.from({ length: 1_000 }, (_, index) => `subject-${index}`)
const as = (operation: PermittedOperation, subject: string): PermittedOperation => ({
  ...operation,
  caller: { ...anonymous, tenant: 'alder', subject },
})

describe('a field that moves to another subgraph', () => {
  let planned: ReturnType<typeof plannedGraph>
  const servedBy = async (operation: PermittedOperation, on: readonly string[] = []) => {
    const planner = withOverrides(planned.views.planner, {
      labels: overrideLabels(planned.graph.supergraph.schema),
      on,
    })
    const { node } = await planner.plan(operation)
    return fetchesOf(node)
      .map(({ serviceName }) => serviceName)
      .join()
  }

  beforeAll(() => {
    planned = plannedGraph({
      old: 'type Query { few: Int @shareable many: Int @shareable named: Int @shareable }',
      new: `type Query {
        few: Int @override(from: "old", label: "percent(20)")
        many: Int @override(from: "old", label: "percent(60.5)")
        named: Int @override(from: "old", label: "launch")
      }`,
    })
  })

  it('is asked where it was until its label is on', async () => {
    expect(await servedBy(planned.operation('{ named }'))).toBe('old')
    expect(await servedBy(planned.operation('{ named }'), ['launch'])).toBe('new')
    expect(await servedBy(planned.operation('{ few }'), ['launch', 'percent(20)'])).toBe('new')
  })

  it('moves for its share of callers, the same for each of their operations', async () => {
    const moved = async (query: string) => {
      const operation = planned.operation(query)
      const served = await Promise.all(subjects.map((subject) => servedBy(as(operation, subject))))
      expect(await Promise.all(subjects.map((subject) => servedBy(as(operation, subject))))).toEqual(served)
      return subjects.filter((_, index) => served[index] === 'new')
    }
    const [few, many] = [await moved('{ few }'), await moved('{ many }')]
    expect(few.length).toBeGreaterThan(150)
    expect(few.length).toBeLessThan(250)
    expect(many.length).toBeGreaterThan(555)
    expect(many.length).toBeLessThan(655)
    // One lot for all labels: whoever moves with the few also moves with the many.
    expect(few.filter((subject) => !many.includes(subject))).toEqual([])
  })

  it('moves for a share of the operations of nobody', async () => {
    const operation = planned.operation('{ few }')
    const served = await Promise.all(subjects.map(() => servedBy(operation)))
    expect(new Set(served)).toEqual(new Set(['old', 'new']))
  })
})
