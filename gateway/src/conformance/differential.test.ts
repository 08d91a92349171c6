/**
 * Random graphs, composed as teams compose theirs, and random operations on them: what the gateway answers is compared
 * with what one schema over the same data answers, executed by graphql-js (ADR 23). `DIFFERENTIAL_OPERATIONS` says how
 * many operations, `DIFFERENTIAL_SEED` which: the seed of a failed run is in the test's name.
 */
import { describe, expect, it } from 'vitest'
import { ask, generatedGraph } from './generated-graph.ts'

const operations = Number(process.env.DIFFERENTIAL_OPERATIONS ?? 1_000)
const seed = Number(process.env.DIFFERENTIAL_SEED ?? Math.floor(Date.now() / 1_000) % 1_000_000)
const operationsPerGraph = 50

describe(`${operations} generated operations, seed ${seed}`, { timeout: 60_000 + operations * 200 }, () => {
  it('are answered as one schema over all the data answers them', async () => {
    for (let graph = 0; graph * operationsPerGraph < operations; graph++) {
      const one = generatedGraph(seed + graph)
      for (let i = 0; i < operationsPerGraph; i++) {
        const wrong = await ask(one, one.operation())
        expect(wrong, `graph ${seed + graph}, operation ${i}`).toBeUndefined()
      }
    }
  })
})
