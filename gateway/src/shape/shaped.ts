import type { ExecutionResult, GraphQLError } from 'graphql'
import type { CostReport } from '../budget/budget.ts'
import type { Completed } from './complete.ts'
import type { Frame } from './written-once.ts'

interface Extensions extends Record<string, unknown> {
  /** The instant that was used. */
  readonly knownAt: string
  /** Of what is shown: the cost of what is concealed would tell that it is there. */
  readonly cost?: CostReport
}

/** An answer: its JSON, and for those who look into it or copy it an ExecutionResult. */
export class Shaped implements ExecutionResult {
  readonly errors?: readonly GraphQLError[]
  declare readonly data: Record<string, unknown> | null
  readonly extensions: Extensions
  readonly #completed: Completed

  constructor(completed: Completed, extensions: Extensions) {
    this.#completed = completed
    if (completed.errors.length > 0) this.errors = completed.errors
    Object.defineProperty(this, 'data', Shaped.#parsed)
    this.extensions = extensions
  }

  /** The JSON of the whole response. */
  get text(): string {
    const { before, after } = this.#frame()
    return before + this.#completed.data + after
  }

  /** The same for who sends it: bytes that are made once where several get the same. */
  get body(): string | Uint8Array<ArrayBuffer> {
    return this.extensions.cost ? this.text : this.#completed.body(this.#frame())
  }

  #frame(): Frame {
    const errors = this.errors ? `"errors":${JSON.stringify(this.errors)},` : ''
    return { before: `{${errors}"data":`, after: `,"extensions":${JSON.stringify(this.extensions)}}` }
  }

  /** Read from the text where somebody asks for it: on its way to HTTP nobody does. */
  static readonly #parsed: PropertyDescriptor & ThisType<Shaped> = {
    enumerable: true,
    get() {
      return JSON.parse(this.#completed.data)
    },
  }
}

/** The answer of an operation, with the cost of what is shown where it was counted. */
export const shaped = (completed: Completed, cost?: CostReport): Shaped =>
  new Shaped(completed, { knownAt: completed.knownAt, ...(cost && { cost }) })
