import type { ExecutionResult, GraphQLError } from 'graphql'
import type { PermittedOperation } from '../access/permit.ts'
import type { CostReport } from '../budget/budget.ts'
import type { Completed } from './complete.ts'

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
  readonly #data: string

  constructor({ data, errors }: Completed, extensions: Extensions) {
    this.#data = data
    if (errors.length > 0) this.errors = errors
    Object.defineProperty(this, 'data', Shaped.#parsed)
    this.extensions = extensions
  }

  /** The JSON of the whole response. */
  get text(): string {
    const errors = this.errors ? `"errors":${JSON.stringify(this.errors)},` : ''
    return `{${errors}"data":${this.#data},"extensions":${JSON.stringify(this.extensions)}}`
  }

  /** Read from the text where somebody asks for it: on its way to HTTP nobody does. */
  static readonly #parsed: PropertyDescriptor & ThisType<Shaped> = {
    enumerable: true,
    get() {
      return JSON.parse(this.#data)
    },
  }
}

/** The answer of an operation, with the cost of what is shown where it was counted. */
export const shaped = ({ knownAt }: PermittedOperation, completed: Completed, cost?: CostReport): Shaped =>
  new Shaped(completed, { knownAt, ...(cost && { cost }) })
