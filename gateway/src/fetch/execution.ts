/**
 * One run of a program: asks what can be asked, merges each answer as it comes, and starts what was waiting for it. It
 * never rejects for what a subgraph does: a request that fails leaves errors where its answer is missing.
 */
import type { GraphQLError, GraphQLSchema } from 'graphql'
import type { ErrorCode } from '../errors/catalogue.ts'
import type { Lookup, RootFields, Use } from './asks.ts'
import { type Batch, batch, type Found } from './batch.ts'
import type { Sent } from './combined-document.ts'
import { contextGroups } from './contexts.ts'
import { copyOf, type Data, own } from './data.ts'
import type { EventAnswer } from './event-answer.ts'
import { type AskedLookup, askedEntities, askedRoots, failure, passedOver, subgraphErrors } from './fetch-errors.ts'
import { Lookups } from './lookups.ts'
import { merge } from './merge.ts'
import { mergeEntities } from './merge-entities.ts'
import { gather, placesAt } from './places.ts'
import type { Program, Request } from './program.ts'
import { rewrite } from './rewrites.ts'
import { type SubgraphAnswer, SubgraphFailure } from './subgraph-client.ts'
import { VariablesText } from './variables.ts'

/** On whose behalf a program runs: what may be asked, and how. */
export interface Asker {
  /** What may be sent of a batch. Throws a SubgraphFailure where that cannot be told. */
  allowed(subgraph: string, batch: Batch): Batch
  /** An answer without what the view does not have. Entities stand in `_entities`, by their places. */
  shown(data: Data): Data
  /** What is known of root fields without asking. */
  known(asks: RootFields): EventAnswer | undefined
  /** Rejects with a SubgraphFailure. */
  ask(subgraph: string, sent: Sent, variables: string, asks?: RootFields): Promise<SubgraphAnswer>
}

export class Execution {
  readonly data: Data = {}
  readonly errors: GraphQLError[] = []
  /** Whether every answer was plain (subgraph-client.ts). */
  isPlain = true
  readonly #schema: GraphQLSchema
  readonly #program: Program
  readonly #variables: Readonly<Data>
  readonly #asker: Asker
  /** Of each request, how many it still waits for. */
  readonly #waiting: number[]
  #open: number
  #end!: () => void
  #fail!: (error: unknown) => void

  constructor(schema: GraphQLSchema, program: Program, variables: Readonly<Data>, asker: Asker) {
    this.#schema = schema
    this.#program = program
    this.#variables = variables
    this.#asker = asker
    this.#waiting = program.requests.map(({ waitsFor }) => waitsFor)
    this.#open = program.requests.length
  }

  run(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#end = resolve
      this.#fail = reject
      if (this.#open === 0) resolve()
      const { requests } = this.#program
      for (let index = 0; index < requests.length; index += 1) {
        if (requests[index]!.waitsFor === 0) this.#start(index)
      }
    })
  }

  #noted(answer: SubgraphAnswer): SubgraphAnswer {
    this.isPlain &&= answer.isPlain === true
    return answer
  }

  #start(index: number): void {
    try {
      const answered = this.#perform(this.#program.requests[index]!)
      if (answered) answered.then(() => this.#finished(index)).catch(this.#fail)
      else this.#finished(index)
    } catch (error) {
      this.#fail(error)
    }
  }

  #finished(index: number): void {
    this.#open -= 1
    if (this.#open === 0) this.#end()
    for (const next of this.#program.requests[index]!.unblocks) {
      this.#waiting[next]! -= 1
      if (this.#waiting[next] === 0) this.#start(next)
    }
  }

  /** Undefined: there was nothing to ask. */
  #perform({ subgraph, asks }: Request): Promise<unknown> | undefined {
    if (!(asks instanceof Lookups)) return this.#applies(asks) ? this.#roots(subgraph, asks) : undefined
    for (const lookup of asks.all)
      for (const one of lookup.uses)
        if (one.lacksInput && this.#applies(one))
          this.#tell(failure('OPERATION_PLANNING_FAILED', passedOver(lookup, one, this.data)))
    const [first] = asks.all
    const [use] = first!.uses
    if (use!.contexts.length > 0) return this.#applies(use!) ? this.#inContexts(subgraph, asks) : undefined
    return this.#entities(subgraph, asks, (lookup) =>
      lookup.uses.map(({ path, conditions, representation }): Found => {
        const objects: Data[] = []
        if (this.#applies({ path, conditions })) gather(this.data, path, 0, objects)
        return { objects, writer: representation }
      }),
    )
  }

  #applies({ conditions }: Use): boolean {
    for (const { variable, is } of conditions) if ((this.#variables[variable] === true) !== is) return false
    return true
  }

  #roots(subgraph: string, asks: RootFields): Promise<void> | undefined {
    const targets: Data[] = []
    gather(this.data, asks.path, 0, targets)
    return targets.length === 0 ? undefined : this.#askRoots(subgraph, asks, targets)
  }

  async #askRoots(subgraph: string, asks: RootFields, targets: readonly Data[]): Promise<void> {
    const { sent, rewrites, naming } = asks
    const put = (received: Data | null) => {
      const data = received && this.#asker.shown(received)
      if (!data) return
      rewrite(this.#schema, rewrites, data)
      for (const [at, target] of targets.entries()) merge(target, at === 0 ? data : copyOf(data), naming)
    }
    const known = this.#asker.known(asks)
    if (known?.missing.length === 0) return put(known.data)
    const asked = askedRoots(asks, this.data)
    try {
      const variables = new VariablesText()
      variables.use(sent.variables, this.#variables)
      const answer = await this.#asker.ask(subgraph, sent, variables.toString(), asks)
      const { data, errors } = this.#noted(answer)
      put(data)
      if (errors.length > 0) this.#tell(subgraphErrors(asked, errors, !data))
    } catch (error) {
      put(known?.data ?? null)
      this.#tell(failure(codeOf(error), known?.missing ?? asked.holes()))
    }
  }

  #inContexts(subgraph: string, asks: Lookups): Promise<unknown> {
    const { path, contexts, representation } = asks.all[0]!.uses[0]!
    const groups = contextGroups(this.#schema, contexts, placesAt(this.data, path))
    return Promise.all(
      groups.map(({ targets, values }) =>
        this.#entities(subgraph, asks, () => [{ objects: targets, writer: representation }], values),
      ),
    )
  }

  #entities(
    subgraph: string,
    asks: Lookups,
    foundFor: (lookup: Lookup) => readonly Found[],
    values?: Readonly<Data>,
  ): Promise<void> | undefined {
    const lookups: Lookup[] = []
    const batches: Batch[] = []
    for (const lookup of asks.all) {
      const whole = batch(foundFor(lookup))
      if (whole.texts.length === 0) continue
      lookups.push(lookup)
      batches.push(whole)
    }
    return lookups.length === 0 ? undefined : this.#askEntities(subgraph, asks, lookups, batches, values)
  }

  async #askEntities(
    subgraph: string,
    asks: Lookups,
    found: readonly Lookup[],
    batches: readonly Batch[],
    values?: Readonly<Data>,
  ): Promise<void> {
    let asked: AskedLookup[] = found.map((lookup, at) => ({ lookup, batch: batches[at]!, entities: '_entities' }))
    try {
      asked = asked
        .map((one) => ({ ...one, batch: this.#asker.allowed(subgraph, one.batch) }))
        .filter(({ batch: left }) => left.texts.length > 0)
      if (asked.length === 0) return
      const sent = asks.document(asked.map(({ lookup }) => lookup))
      asked = asked.map((one, at) => ({ ...one, entities: sent.entities[at]! }))
      const variables = new VariablesText()
      variables.use(sent.variables, this.#variables)
      if (values) variables.set(values)
      for (const [at, one] of asked.entries()) variables.list(sent.representations[at]!, one.batch.texts)
      this.#merge(asked, this.#noted(await this.#asker.ask(subgraph, sent, variables.toString())))
    } catch (error) {
      this.#tell(failure(codeOf(error), askedEntities(asked, this.data).holes()))
    }
  }

  #merge(asked: readonly AskedLookup[], { data, errors }: SubgraphAnswer): void {
    const unanswered = asked.every(({ entities }) => (data && own(data, entities)) == null)
    if (errors.length > 0) this.#tell(subgraphErrors(askedEntities(asked, this.data), errors, unanswered))
    for (const one of asked) {
      const received = data && this.#shown(own(data, one.entities))
      if (Array.isArray(received) && received.length === one.batch.texts.length) {
        const wrong = mergeEntities(this.#schema, one, received, this.#program.sharesEntities)
        for (const index of wrong) {
          const places = askedEntities([one], this.data).placesOf([one.entities, index])
          this.#tell(failure('SUBGRAPH_INVALID_RESPONSE', places ?? []))
        }
      } else if (received != null || errors.length === 0) {
        this.#tell(failure('SUBGRAPH_INVALID_RESPONSE', askedEntities([one], this.data).holes()))
      }
    }
  }

  #shown(entities: unknown): unknown {
    return Array.isArray(entities) ? this.#asker.shown({ _entities: entities })._entities : entities
  }

  #tell(errors: readonly GraphQLError[]): void {
    for (const error of errors) this.errors.push(error)
  }
}

const codeOf = (error: unknown): ErrorCode => (error instanceof SubgraphFailure ? error.code : 'INTERNAL_SERVER_ERROR')
