/** One shard of the isolation generator as a test: a marked graph of its own, asked until its share of the cases is done. */

import { random } from '@fundmesh/platform/testing/random'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type CaseRunner, caseRunner, emptyReport } from './generator/cases.ts'
import { churn } from './generator/churn.ts'
import {
  type Ground,
  grantWorld,
  type MarkedGraph,
  prepareGround,
  type Services,
  startMarkedGraph,
} from './generator/marked-graph.ts'
import { ways } from './generator/ways.ts'
import { makeWorld, type World } from './generator/world.ts'

const shards = 2
/** What is asked however long it takes; beyond it, what there is time for. */
const leastCases = 20_000
const allCases = Number(process.env.ISOLATION_CASES ?? 2_000)
const seed = Number(process.env.ISOLATION_SEED ?? Math.floor(Date.now() / 1_000) % 1_000_000)
const seconds = Number(process.env.ISOLATION_SECONDS ?? Number.POSITIVE_INFINITY)
/** How often rights change in a shard, at the most: it takes a second, and a long run has other cases between. */
const mostChanges = 50

export function describeIsolation(shard: number, services: Services): void {
  const cases = Math.ceil(allCases / shards)
  const least = Math.min(cases, Math.ceil(leastCases / shards))
  const casesBetweenChanges = Math.max(500, Math.ceil(cases / mostChanges))

  describe(`isolation, up to ${cases} generated cases of seed ${seed}, shard ${shard + 1} of ${shards}`, () => {
    let ground: Ground
    let graph: MarkedGraph
    let world: World
    let runner: CaseRunner
    beforeAll(async () => {
      world = makeWorld(seed + shard)
      ground = await prepareGround(world)
      graph = await startMarkedGraph(ground, services)
      await grantWorld(graph, world)
      runner = await caseRunner(graph, world)
    })
    afterAll(async () => {
      runner?.close()
      await graph?.close()
      await ground?.close()
    })

    it('finds nothing foreign in any answer, while rights come and go', {
      timeout: 240_000 + cases * 200,
    }, async () => {
      const report = emptyReport()
      const chance = random(seed * 31 + shard)
      let changes = 0
      let ownEvents = 0
      const began = performance.now()
      const cpuBegan = process.cpuUsage()
      const isDue = (done: number) => done < least || performance.now() - began < seconds * 1_000
      for (let done = 0; done < cases && isDue(done) && report.violations.length === 0; done += casesBetweenChanges) {
        const count = Math.min(casesBetweenChanges, cases - done)
        await runner.run({ seed, from: shard * cases + done, count }, report)
        const churned = await churn(graph, world, runner.judge, chance)
        changes += churned.changes.length
        ownEvents += churned.ownEvents
        report.violations.push(...churned.violations)
      }
      const took = (performance.now() - began) / 1_000
      const { user, system } = process.cpuUsage(cpuBegan)
      const cpu = ((user + system) / 1_000 / report.cases).toFixed(1)
      const share = report.asked.size / runner.fields
      console.log(
        [
          `isolation, seed ${seed}, shard ${shard + 1}: ${report.cases} of ${cases} cases in ${took.toFixed(0)} s, ${cpu} ms of processor each, ${report.violations.length} violations`,
          `${changes} changes of rights with streams open, ${ownEvents} events on them after`,
          `fields asked ${report.asked.size}, with a value ${report.answered.size}, of ${runner.fields}; own values delivered ${report.ownMarks}`,
          [...report.byWay].map(([way, count]) => `${way} ${count}`).join(', '),
        ].join('\n  '),
      )
      expect(report.violations).toEqual([])
      // Else nothing was shown.
      expect(report.cases).toBeGreaterThanOrEqual(least)
      expect(report.ownMarks).toBeGreaterThan(report.cases / 8)
      expect(ownEvents).toBeGreaterThan(0)
      // The rarest is one case in three hundred.
      if (report.cases >= 3_000) expect([...report.byWay.keys()].sort()).toEqual(ways.map(({ name }) => name).sort())
      expect(share).toBeGreaterThanOrEqual(0.95)
    })
  })
}
