import type { GraphQLError } from 'graphql'
import type { Completed } from '../shape/complete.ts'
import { writtenOnce } from '../shape/written-once.ts'
import type { Work } from '../with-coalescing.ts'
import { branchesOf } from './branches.ts'

export interface BranchesOptions {
  /** Works on a branch: on one for all who ask the same, whatever else they ask. */
  readonly coalesced: Work
  /** Whether subgraphs are told as of when they are asked: all branches of an operation are then as of one instant. */
  readonly told: boolean
}

/** Works on the branches of a query each by itself, and joins what they come to. */
export function withBranches(work: Work, { coalesced, told }: BranchesOptions): Work {
  return async (operation, signal) => {
    const branches = branchesOf(operation, told)
    // A mutation is told there too: what was asked before it is not to be joined after it.
    if (!branches)
      return operation.definition.operation === 'query' ? work(operation, signal) : coalesced(operation, signal)
    const parts = await Promise.all(branches.map((branch) => coalesced(branch, signal)))
    return joined(operation.knownAt, parts)
  }
}

/** One answer of several, whose root fields have different names: null where any is, as a null at its root goes up. */
function joined(knownAt: string, parts: readonly Completed[]): Completed {
  const isNull = parts.some(({ data }) => data === 'null')
  const fields = parts.map(({ data }) => data.slice(1, -1)).filter((text) => text !== '')
  return {
    knownAt,
    data: isNull ? 'null' : `{${fields.join(',')}}`,
    errors: parts.flatMap(({ errors }) => errors),
    delivered: new Joined(parts, isNull),
    body: writtenOnce(),
  }
}

class Joined implements Pick<Completed['delivered'], 'data' | 'errors'> {
  readonly #parts: readonly Completed[]
  readonly #isNull: boolean

  constructor(parts: readonly Completed[], isNull: boolean) {
    this.#parts = parts
    this.#isNull = isNull
  }

  get data(): unknown {
    if (this.#isNull) return null
    return Object.assign(Object.create(null), ...this.#parts.map(({ delivered }) => delivered.data))
  }

  get errors(): readonly GraphQLError[] {
    return this.#parts.flatMap(({ delivered }) => delivered.errors)
  }
}
