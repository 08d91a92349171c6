import { LRUCache } from 'lru-cache'
import type { SubgraphRequest } from '../subgraph-client.ts'

/** A question as it is sent. */
export interface Question {
  readonly body: string
  /** It changes nothing. */
  readonly reads: boolean
  /** Equal for questions that can only have the same answer; undefined: its answer is not shared. */
  readonly flight: string | undefined
}

/** What is the same in all questions with one document. */
interface Prepared {
  readonly operationName: string | undefined
  /** Stands for the document in keys. */
  readonly id: number
  readonly head: string
  readonly reads: boolean
  readonly streams: boolean
}

const rememberedDocuments = 2_000

/** Writes questions; a document, of which a plan has always the same, is escaped once. */
export function questionWriter(): (asked: SubgraphRequest) => Question {
  const known = new LRUCache<string, Prepared>({ max: rememberedDocuments })
  let documents = 0

  const prepare = (query: string, operationName: string | undefined): Prepared => {
    const before = known.get(query)
    if (before && before.operationName === operationName) return before
    const name = operationName === undefined ? '' : `"operationName":${JSON.stringify(operationName)},`
    const prepared = {
      operationName,
      id: documents++,
      head: `{"query":${JSON.stringify(query)},${name}"variables":`,
      // A document that begins otherwise, with a fragment say, is taken for one that changes something.
      reads: /^\s*(?:query\b|subscription\b|\{)/.test(query),
      streams: /^\s*subscription\b/.test(query),
    }
    known.set(query, prepared)
    return prepared
  }

  return (asked) => {
    const { query, operationName, event, flight } = asked
    const { id, head, reads, streams } = prepare(query, operationName)
    const values = asked.variablesText ?? JSON.stringify(asked.variables)
    const extensions = event === undefined ? '' : `,"extensions":{"event":${JSON.stringify(event)}}`
    const shared = flight !== undefined && reads && !streams && event === undefined
    return {
      body: `${head}${values}${extensions}}`,
      reads,
      flight: shared ? `${id} ${flight.length} ${flight}${values}` : undefined,
    }
  }
}
