import type { Data } from './data.ts'
import type { Request } from './program.ts'
import type { SubgraphRequest } from './subgraph-client.ts'

/** What is the same for all questions of one operation. */
export interface OnBehalf {
  readonly flight: string | undefined
  readonly party: string | undefined
  readonly signal: AbortSignal
}

/** A request to a subgraph whose variables were written as JSON text: who needs them as objects reads them. */
export class Question implements SubgraphRequest {
  readonly query: string
  readonly operationName: string | undefined
  readonly passport: string | undefined
  readonly event: Readonly<Data> | undefined
  readonly flight: string | undefined
  readonly party: string | undefined
  readonly signal: AbortSignal
  readonly variablesText: string

  constructor(
    { text, name, kind }: Request,
    variables: string,
    passport: string | undefined,
    { flight, party, signal }: OnBehalf,
    event?: Readonly<Data>,
  ) {
    this.query = text
    this.operationName = name
    this.passport = passport
    this.event = event
    // What changes something, or belongs to one event, is nobody else's.
    this.flight = kind === 'query' ? flight : undefined
    this.party = party
    this.signal = signal
    this.variablesText = variables
  }

  get variables(): Readonly<Data> {
    return JSON.parse(this.variablesText)
  }
}
