/**
 * Apollo's own planner and executor, as a second opinion: whatever they answer without an error, and as one schema does,
 * the gateway answers as well. Where they differ from the one schema they are wrong (ADR 23 lists how); how often is printed.
 */

import { operationFromDocument } from '@apollo/federation-internals'
import { executeQueryPlan } from '@apollo/gateway'
import { QueryPlanner } from '@apollo/query-planner'
import type { DocumentNode, FragmentDefinitionNode, OperationDefinitionNode } from 'graphql'
import { describe, expect, it } from 'vitest'
import { difference } from './compare.ts'
import type { GeneratedOperation } from './generate-operation.ts'
import { type GeneratedGraph, generatedGraph } from './generated-graph.ts'

const graphs = Math.ceil(Number(process.env.DIFFERENTIAL_OPERATIONS ?? 1_000) / 250)
const seed = Number(process.env.DIFFERENTIAL_SEED ?? Math.floor(Date.now() / 1_000) % 1_000_000)
const operationsPerGraph = 25

type Given = Parameters<typeof executeQueryPlan>

function borrowed({ loaded, clients, read, schema }: GeneratedGraph) {
  const planner = new QueryPlanner(loaded.supergraph)
  const apiSchema = loaded.supergraph.apiSchema()
  const services = Object.fromEntries(
    [...clients].map(([name, client]) => [
      name,
      {
        async process({ request }: { request: { query?: string; variables?: Record<string, unknown> } }) {
          const { data, errors } = await client.ask({
            query: request.query!,
            operationName: undefined,
            variables: request.variables ?? {},
            passport: undefined,
            signal: new AbortController().signal,
          })
          return { data, ...(errors.length > 0 && { errors }) }
        },
      },
    ]),
  )
  return async (operation: GeneratedOperation) => {
    const { definitions } = read(operation) as DocumentNode
    const definition = definitions.find((node) => node.kind === 'OperationDefinition') as OperationDefinitionNode
    const fragments = Object.fromEntries(
      definitions.flatMap((node) => (node.kind === 'FragmentDefinition' ? [[node.name.value, node]] : [])),
    ) as Record<string, FragmentDefinitionNode>
    const plan = planner.buildQueryPlan(operationFromDocument(apiSchema, read(operation) as DocumentNode))
    return executeQueryPlan(
      plan,
      services as unknown as Given[1],
      {
        request: { variables: { ...operation.variables } },
        logger: { debug() {}, info() {}, warn() {}, error() {} },
        metrics: {},
        context: {},
      } as unknown as Given[2],
      { schema, operation: definition, fragments } as Given[3],
      loaded.supergraphSchema,
      apiSchema,
    )
  }
}

describe(`the borrowed executor, seed ${seed}`, { timeout: 60_000 + graphs * 30_000 }, () => {
  it('gives no right answer that the gateway does not give', async () => {
    let right = 0
    let asked = 0
    for (let graph = 0; graph < graphs; graph++) {
      const one = generatedGraph(seed + graph)
      const ask = borrowed(one)
      for (let i = 0; i < operationsPerGraph; i++) {
        const operation = one.operation()
        asked++
        const theirs = await ask(operation).catch(() => undefined)
        const expected = await one.expected(operation)
        if (!theirs || theirs.errors || difference({ ...expected, errors: [] }, { data: theirs.data, errors: [] }))
          continue
        right++
        const { data } = await one.ask(operation)
        expect(JSON.stringify(data), `graph ${seed + graph}: ${operation.query}`).toBe(JSON.stringify(expected.data))
      }
    }
    console.log(`the borrowed executor answered ${right} of ${asked} operations rightly and without an error`)
    // Else nothing was compared.
    expect(right).toBeGreaterThan(asked / 4)
  })
})
