/** Shows that the generator finds what it is there to find: each planted leak is caught within some thousand cases. */

import { random } from '@fundmesh/platform/testing/random'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { caseRunner, emptyReport } from './generator/cases.ts'
import { churn } from './generator/churn.ts'
import { createBatchRunner, useLogins } from './generator/direct-batches.ts'
import { type Ground, grantWorld, prepareGround, type Services, startMarkedGraph } from './generator/marked-graph.ts'
import { closeRowPolicies, openRowPolicies, plant, plantedLeaks, removePlanted } from './generator/planted-leaks.ts'
import { makeWorld, type World } from './generator/world.ts'

vi.mock('../../platform/src/warehouse/batch-runner.ts', () => ({ createBatchRunner }))

const seed = Number(process.env.ISOLATION_SEED ?? 4)
const most = 5_000
const batch = 250

/** The services over the modules as they are now, a planted one among them. */
const loadServices = async (): Promise<Services> => {
  const { realServices } = await import('./generator/services.ts')
  return { ...realServices, useLogins }
}

describe('planted leaks', () => {
  let ground: Ground
  let world: World
  beforeAll(async () => {
    world = makeWorld(seed)
    ground = await prepareGround(world)
    const graph = await startMarkedGraph(ground, await loadServices())
    await grantWorld(graph, world)
    await graph.close()
  })
  afterAll(() => ground?.close())

  it.for(plantedLeaks.map((leak) => [leak.name, leak] as const))(
    'are caught: %s',
    { timeout: 1_800_000 },
    async ([, leak]) => {
      plant(leak)
      if (leak.opensRowPolicies) await openRowPolicies(ground.admin)
      const graph = await startMarkedGraph(ground, await loadServices())
      const runner = await caseRunner(graph, world)
      const report = emptyReport()
      const chance = random(seed)
      try {
        while (report.violations.length === 0 && report.cases < most) {
          if (leak.needsChanges) report.violations.push(...(await churn(graph, world, runner.judge, chance)).violations)
          await runner.run({ seed, from: report.cases, count: batch, untilFirst: true }, report)
        }
      } finally {
        runner.close()
        await graph.close()
        await closeRowPolicies(ground.admin)
        removePlanted(leak)
      }
      const [first] = report.violations
      console.log(`caught after ${report.firstAt ?? report.cases} cases: ${leak.name}\n  ${first?.split('\n', 1)[0]}`)
      expect(report.violations).not.toEqual([])
    },
  )
})
