/**
 * One run of a program: asks what can be asked, merges each answer as it comes, and starts what was waiting for it. It
 * never rejects for what a subgraph does: a request that fails leaves errors where its answer is missing.
 */
import type { GraphQLError, GraphQLSchema } from 'graphql'
import type { ErrorCode } from '../errors/catalogue.ts'
import type { Batch } from './batch.ts'
import { batch } from './batch.ts'
import { contextGroups } from './contexts.ts'
import { copyOf, type Data, isData, own, type Path } from './data.ts'
import { type Asked, failure, subgraphErrors, wrongEntity } from './fetch-errors.ts'
import { merge } from './merge.ts'
import { gather, placesAt } from './places.ts'
import type { Program, Request } from './program.ts'
import { rewrite } from './rewrites.ts'
import type { SubgraphAnswer } from './subgraph-client.ts'

/** What a request came to. */
export interface Outcome {
  readonly answer?: SubgraphAnswer | undefined
  /** What is left of the batch that was to be asked for: some of it may not be sent. */
  readonly batch?: Batch | undefined
  /** Why there is no answer. */
  readonly failed?: ErrorCode | undefined
  /** Where a failed request leaves holes, where not everywhere: what was known before stands in `answer`. */
  readonly missing?: readonly Path[] | undefined
}

/** Asks for the entities of a batch, or for root fields. Never rejects. `values` are variables of the request's own. */
export type Ask = (request: Request, batch: Batch | undefined, values: Readonly<Data> | undefined) => Promise<Outcome>

export class Execution {
  readonly data: Data = {}
  readonly errors: GraphQLError[] = []
  readonly #schema: GraphQLSchema
  readonly #program: Program
  readonly #variables: Readonly<Data>
  readonly #ask: Ask
  /** Of each request, how many it still waits for. */
  readonly #waiting: number[]
  #open: number
  #end!: () => void
  #fail!: (error: unknown) => void

  constructor(schema: GraphQLSchema, program: Program, variables: Readonly<Data>, ask: Ask) {
    this.#schema = schema
    this.#program = program
    this.#variables = variables
    this.#ask = ask
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
  #perform(request: Request): Promise<unknown> | undefined {
    for (const { variable, is } of request.conditions) {
      if ((this.#variables[variable] === true) !== is) return undefined
    }
    const { representation, contexts, path } = request
    if (representation && contexts.length > 0) {
      const groups = contextGroups(this.#schema, contexts, placesAt(this.data, path))
      return Promise.all(
        groups.map(({ targets, values }) => this.#entities(request, batch(targets, representation), values)),
      )
    }
    const found: Data[] = []
    gather(this.data, path, 0, found)
    if (representation) return this.#entities(request, batch(found, representation), undefined)
    return found.length === 0 ? undefined : this.#roots(request, found)
  }

  async #roots(request: Request, targets: readonly Data[]): Promise<void> {
    const { answer, failed, missing } = await this.#ask(request, undefined, undefined)
    const asked: Asked = { request, batch: undefined, merged: this.data }
    const data = answer?.data
    if (data) {
      rewrite(this.#schema, request.rewrites, data)
      for (const [at, target] of targets.entries()) merge(target, at === 0 ? data : copyOf(data), request.naming)
    }
    if (answer) this.#tell(subgraphErrors(asked, answer.errors, !data))
    if (failed) this.#tell(failure(asked, failed, missing))
  }

  #entities(request: Request, batch: Batch, values: Readonly<Data> | undefined): Promise<void> | undefined {
    return batch.texts.length === 0 ? undefined : this.#askEntities(request, batch, values)
  }

  async #askEntities(request: Request, whole: Batch, values: Readonly<Data> | undefined): Promise<void> {
    const { answer, failed, batch = whole } = await this.#ask(request, whole, values)
    const asked: Asked = { request, batch, merged: this.data }
    if (answer) {
      const entities = answer.data && own(answer.data, '_entities')
      const none = entities === null || entities === undefined
      if (answer.errors.length > 0) this.#tell(subgraphErrors(asked, answer.errors, none))
      if (Array.isArray(entities) && entities.length === batch.texts.length) this.#mergeEntities(asked, batch, entities)
      else if (!none || answer.errors.length === 0) this.#tell(failure(asked, 'SUBGRAPH_INVALID_RESPONSE'))
    }
    if (failed) this.#tell(failure(asked, failed))
  }

  #mergeEntities(asked: Asked, { targets, indexes }: Batch, entities: readonly unknown[]): void {
    const { rewrites, naming, document } = asked.request
    const merged = new Uint8Array(entities.length)
    for (let at = 0; at < targets.length; at += 1) {
      const index = indexes[at]!
      const entity = entities[index]
      if (entity === null) continue
      if (!isData(entity)) {
        if (merged[index] === 0) this.#tell(wrongEntity(asked, index))
        merged[index] = 1
        continue
      }
      const target = targets[at]!
      if (merged[index] === 0) {
        merged[index] = 1
        for (const name of document.vagueTypeNames) {
          if (naming.interfaces.has(entity[name] as string)) entity[name] = undefined
        }
        if (rewrites.length > 0) rewrite(this.#schema, rewrites, entity, target.__typename)
        merge(target, entity, naming)
      } else {
        merge(target, this.#program.sharesEntities ? entity : copyOf(entity), naming)
      }
    }
  }

  #tell(errors: readonly GraphQLError[]): void {
    for (const error of errors) this.errors.push(error)
  }
}
