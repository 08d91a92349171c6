import type { Sent } from './combined-document.ts'
import type { Data } from './data.ts'
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
  readonly variablesText: string
  readonly passport: string | undefined
  readonly event: Readonly<Data> | undefined
  readonly flight: string | undefined
  readonly party: string | undefined
  readonly signal: AbortSignal

  constructor(
    { text, name }: Sent,
    variables: string,
    passport: string | undefined,
    { flight, party, signal }: OnBehalf,
    event: Readonly<Data> | undefined,
  ) {
    this.query = text
    this.operationName = name
    this.variablesText = variables
    this.passport = passport
    this.event = event
    this.flight = flight
    this.party = party
    this.signal = signal
  }

  get variables(): Readonly<Data> {
    return JSON.parse(this.variablesText)
  }
}
