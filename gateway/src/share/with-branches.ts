import type { GraphQLError } from 'graphql'
import type { Completed } from '../shape/complete.ts'
import { type Written, writtenOnce } from '../shape/written-once.ts'
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
  const filled = parts.filter(({ data }) => data !== '{}')
  const length = parts.reduce((sum, part) => sum + part.data.length, 0)
  const text = () => (isNull ? 'null' : `{${filled.map(({ data }) => data.slice(1, -1)).join(',')}}`)
  return {
    knownAt,
    get data() {
      return text()
    },
    errors: parts.flatMap(({ errors }) => errors),
    delivered: new Joined(parts, isNull),
    body: isNull || length < shortText ? writtenOnce(text()) : writtenOf(filled),
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

/** Characters up to which a text is written as fast as its bytes are gathered. */
const shortText = 4_096

/** A response of the bytes of its branches: one that many share is encoded once, and copied for each. */
function writtenOf(parts: readonly Completed[]): Written {
  let bytes: Uint8Array<ArrayBuffer> | undefined
  return ({ before, after }) => {
    bytes ??= Buffer.concat([
      Buffer.from(`${before}{`),
      ...parts.flatMap((part, index) => (index === 0 ? [fieldsOf(part)] : [comma, fieldsOf(part)])),
      Buffer.from(`}${after}`),
    ])
    return bytes
  }
}

const comma = Buffer.from(',')
const encoded = new WeakMap<Completed, Buffer>()

/** The bytes of an answer's fields, without the braces around them. */
function fieldsOf(part: Completed): Buffer {
  let bytes = encoded.get(part)
  if (!bytes) {
    bytes = Buffer.from(part.data.slice(1, -1))
    encoded.set(part, bytes)
  }
  return bytes
}
