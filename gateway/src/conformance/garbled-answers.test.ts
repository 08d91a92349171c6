/**
 * Subgraphs that answer garbage: whatever comes, the gateway gives an answer that the schema allows, with errors of its
 * catalogue, and nothing of what a subgraph said in them. `GARBLED_ANSWERS` says how many operations are asked,
 * `GARBLED_SEED` which.
 */
import { random } from '@fundmesh/platform/testing/random'
import { describe, expect, it } from 'vitest'
import { isErrorCode } from '../errors/catalogue.ts'
import { misfit } from './conforms.ts'
import { garbling } from './garbled.ts'
import { generatedGraph } from './generated-graph.ts'

const operations = Number(process.env.GARBLED_ANSWERS ?? 1_000)
const seed = Number(process.env.GARBLED_SEED ?? Math.floor(Date.now() / 1_000) % 1_000_000)
const operationsPerGraph = 100
/** How often each is asked: it is planned once. */
const times = 10

describe(`${operations} operations whose subgraphs answer garbage, seed ${seed}`, {
  timeout: 60_000 + operations * 200,
}, () => {
  it('have answers that the schema allows, and coded errors', async () => {
    for (let graph = 0; graph * operationsPerGraph < operations; graph++) {
      const state = { on: true }
      const one = generatedGraph(seed + graph, garbling(random(seed + graph), state))
      for (let i = 0; i < operationsPerGraph / times; i++) {
        const operation = one.operation()
        const document = one.read(operation)!
        for (let time = 0; time < times; time++) {
          const { data, errors } = await one.ask(operation)
          const context = `graph ${seed + graph}, operation ${i}, time ${time}: ${operation.query}`
          expect(data, context).toBeDefined()
          expect(misfit(one.schema, document, operation.variables, data), context).toBeUndefined()
          const codes = errors.map((error) => error.split(' ')[0])
          expect(
            codes.filter((code) => !isErrorCode(code)),
            context,
          ).toEqual([])
          expect(Object.hasOwn({}.constructor.prototype, 'id'), context).toBe(false)
        }
      }
    }
  })
})
