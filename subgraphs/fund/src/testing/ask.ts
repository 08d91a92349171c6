/** Asks the fund subgraph in memory: its schema and resolvers, over a fake warehouse. For unit tests. */
import { subgraphSdl } from '@fundmesh/contracts/graph'
import { cursorCodec } from '@fundmesh/platform/service/cursor'
import type { Sight } from '@fundmesh/platform/service/reader'
import { subgraphSchema } from '@fundmesh/platform/service/subgraph-schema'
import { fakeReader } from '@fundmesh/platform/testing/fake-reader'
import type { Answers } from '@fundmesh/platform/testing/fake-warehouse'
import { type ExecutionResult, graphql } from 'graphql'
import { createContext } from '../context.ts'
import { resolvers } from '../resolvers/index.ts'

const schema = subgraphSchema(subgraphSdl('fund'), resolvers)
const cursors = cursorCodec('a secret that is at least thirty-two characters')

export interface Question {
  readonly variables?: Record<string, unknown>
  readonly tenant?: string
  /** The operation's own instant. */
  readonly knownAt?: string
  /** What may be seen; default: everything that is asked for, and nothing in lists. */
  readonly sight?: Partial<Sight>
}

// biome-ignore lint/suspicious/noExplicitAny: what a test expects says what it is
export type Answer = ExecutionResult<any>

/** What came back, and which statements it took. */
export interface Asked {
  readonly result: Answer
  readonly statements: readonly string[]
  readonly parameters: readonly Readonly<Record<string, string>>[]
}

export async function ask(answers: Answers, source: string, question: Question = {}): Promise<Asked> {
  const { variables, tenant = 'alder', knownAt = '2024-01-16T18:00:00.000Z', sight } = question
  const reader = fakeReader(answers, sight)
  const caller = { tenant, subject: 'client', client: 'test', scopes: new Set<string>(), expiresAt: new Date(8.64e15) }
  const contextValue = createContext({ caller, channel: 'GRAPHQL', atLeastEpoch: 0, knownAt }, () => reader, cursors)
  const result = await graphql({ schema, source, contextValue, variableValues: variables ?? null })
  return {
    // Plain objects, as a client reads them.
    result: JSON.parse(JSON.stringify(result)),
    statements: reader.asked.map(({ name }) => name),
    parameters: reader.asked.map(({ parameters }) => parameters),
  }
}
