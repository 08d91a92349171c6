/** A generated graph, served: the same questions go to the gateway's road and to the one schema that it must equal. */
import { random } from '@fundmesh/platform/testing/random'
import { type DocumentNode, parse, validate } from 'graphql'
import { type Answered, graphOf } from '../access/cases/graph.ts'
import type { SubgraphClient } from '../fetch/subgraph-client.ts'
import { type Comparable, difference } from './compare.ts'
import { worldOf } from './data.ts'
import { faultsOf, noFaults } from './faults.ts'
import { generateModel } from './generate-model.ts'
import { type GeneratedOperation, generateOperation } from './generate-operation.ts'
import { monolithAnswer } from './monolith.ts'
import { shrunk } from './shrink.ts'
import { subgraphsOf } from './subgraphs.ts'

export function generatedGraph(seed: number, through?: (client: SubgraphClient) => SubgraphClient) {
  const chance = random(seed)
  const model = generateModel(chance.below(2 ** 31))
  const world = worldOf(model, chance.chance(0.4) ? faultsOf(model, chance) : noFaults)
  const subgraphs = subgraphsOf(world)
  const ask = graphOf(subgraphs, through)

  /** Undefined for what is no operation on this graph. */
  const read = ({ query, variables }: GeneratedOperation): DocumentNode | undefined => {
    const document = parse(query)
    return validate(ask.schema, document).length === 0 && Object.keys(variables).length < 30 ? document : undefined
  }
  return {
    schema: ask.schema,
    sdls: Object.entries(subgraphs).map(([name, { sdl }]) => `# ${name}\n${sdl}`),
    loaded: ask.loaded,
    clients: ask.clients,
    read,
    operation(): GeneratedOperation {
      for (;;) {
        const operation = generateOperation(ask.schema, chance)
        if (read(operation)) return operation
      }
    },
    ask: ({ query, variables }: GeneratedOperation): Promise<Answered> => ask(query, {}, { variables }),
    async expected(operation: GeneratedOperation): Promise<Comparable> {
      const { data, errors = [] } = await monolithAnswer(world, ask.schema, read(operation)!, operation.variables)
      return { data, errors: errors.map(({ path }) => path ?? []) }
    },
  }
}

export type GeneratedGraph = ReturnType<typeof generatedGraph>

/** What is different between the gateway's answer and the right one; undefined: nothing. */
async function differenceIn(graph: GeneratedGraph, operation: GeneratedOperation): Promise<string | undefined> {
  const expected = await graph.expected(operation)
  const { data, errors } = await graph.ask(operation)
  return difference(expected, { data, errors: errors.map(pathOf) })
}

export const pathOf = (error: string): readonly string[] => error.split(' ')[1]?.split('.') ?? []

/** Asks one generated operation; what is wrong with its answer, in as small a case as was found. */
export async function ask(graph: GeneratedGraph, operation: GeneratedOperation): Promise<string | undefined> {
  if (!(await differenceIn(graph, operation))) return undefined
  const small = await shrunk(operation, async (smaller) =>
    graph.read(smaller) ? (await differenceIn(graph, smaller)) !== undefined : false,
  )
  const { errors, sent } = await graph.ask(small)
  return [
    small.query,
    JSON.stringify(small.variables),
    await differenceIn(graph, small),
    ...errors,
    ...sent.map(({ subgraph, query, variables }) => `${subgraph} ${query} ${JSON.stringify(variables)}`),
    ...graph.sdls,
  ].join('\n')
}
