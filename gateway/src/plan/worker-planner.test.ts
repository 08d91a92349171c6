import { anonymous } from '@fundmesh/platform/identity/caller'
import { afterEach, describe, expect, it } from 'vitest'
import { everybody } from '../view/audiences.ts'
import { log, manyWays, plannedGraph, tooHard } from './cases.ts'
import type { Plan } from './planner.ts'
import { type WorkerPlanner, workerPlanner } from './worker-planner.ts'

const failed = (code: string) => ({ extensions: expect.objectContaining({ code }) })

// Each begins a thread, which a busy machine takes its time for.
describe('planning in a thread of its own', { timeout: 180_000 }, () => {
  let planner: WorkerPlanner
  afterEach(() => planner.close())

  const open = (
    { graph, views }: ReturnType<typeof plannedGraph>,
    options: { limitMs?: number; mostWaiting?: number } = {},
  ) => {
    // Far more than an easy operation takes on a busy machine, far less than a hard one takes on any.
    planner = workerPlanner({ supergraph: graph.text, views: views.graphs, limitMs: 5_000, log, ...options })
    return planner
  }

  it('makes the plan that is made here, for each view its own', async () => {
    const inside = { ...anonymous, tenant: 'inside' }
    const planned = plannedGraph(
      {
        a: 'type Query { t: T } type T @key(fields: "id") { id: ID! name: String @federation__tag(name: "inside") }',
        b: 'type T @key(fields: "id") { id: ID! b: Int }',
      },
      [
        { ...everybody, name: 'inside', has: ({ tenant }) => tenant === 'inside' },
        { ...everybody, name: 'outside', exclude: ['inside'] },
      ],
    )
    open(planned)
    for (const caller of [inside, anonymous]) {
      const operation = planned.operation('{ t { b } }', caller)
      const here = await planned.views.planner.plan(operation)
      expect(await planner.plan(operation)).toEqual(JSON.parse(JSON.stringify(here)) as Plan)
    }
    const elsewhere = { ...planned.operation('{ t { name } }', inside), view: planned.views.of(anonymous).fingerprint }
    await expect(planner.plan(elsewhere)).rejects.toMatchObject(failed('OPERATION_PLANNING_FAILED'))
  })

  it('refuses what takes too long, and goes on with what waits', async () => {
    const planned = plannedGraph(manyWays)
    open(planned)
    const hard = planner.plan(planned.operation(tooHard))
    const waits = planner.plan(planned.operation('{ top { id } }'))
    await expect(hard).rejects.toMatchObject(failed('OPERATION_PLANNING_TIMEOUT'))
    await expect(waits).resolves.toMatchObject({ node: { kind: 'Fetch' } })
  })

  it('lets no more than so many wait', async () => {
    const planned = plannedGraph(manyWays)
    open(planned, { limitMs: 60_000, mostWaiting: 1 })
    // The thread has taken the first when it begins: until then it waits like the others.
    await expect(planner.plan(planned.operation('{ top { id } }'))).resolves.toBeDefined()
    const hard = planner.plan(planned.operation(tooHard))
    const waits = planner.plan(planned.operation('{ top { __typename } }'))
    await expect(planner.plan(planned.operation('{ top { id } }'))).rejects.toMatchObject(failed('SERVICE_UNAVAILABLE'))
    await planner.close()
    await expect(hard).rejects.toMatchObject(failed('OPERATION_PLANNING_FAILED'))
    await expect(waits).rejects.toMatchObject(failed('OPERATION_PLANNING_FAILED'))
  })

  it('survives a thread that cannot be started', async () => {
    const { graph, views, operation } = plannedGraph(manyWays)
    // What cannot be given to a thread.
    const broken = views.graphs.map((view) => ({ ...view, hidden: new Set([() => {}]) as unknown as Set<string> }))
    planner = workerPlanner({ supergraph: graph.text, views: broken, limitMs: 5_000, log })
    await expect(planner.plan(operation('{ top { id } }'))).rejects.toMatchObject(failed('OPERATION_PLANNING_FAILED'))
    expect(planner.ready).toBe(false)
  })

  it('survives what cannot be planned', async () => {
    const planned = plannedGraph(manyWays)
    open(planned)
    const stranger = plannedGraph({ a: 'type Query { other: Int }' }).operation('{ other }')
    await expect(planner.plan({ ...stranger, view: planned.views.graphs[0]!.fingerprint })).rejects.toMatchObject(
      failed('OPERATION_PLANNING_FAILED'),
    )
    await expect(planner.plan(planned.operation('{ top { id } }'))).resolves.toBeDefined()
  })
})
