import type { Denied, Taken } from '../access/permit.ts'
import { restorePath } from '../operation/aliases.ts'

/** In the merged data, under the plan's names. */
export type Path = readonly (string | number)[]

/** What is found out while one answer is completed. A program says where it is by keeping `path` up to date. */
export class Run {
  readonly path: (string | number)[] = []
  /** Places whose value is not what the schema promises. */
  readonly faults: Path[] = []
  /** Places that have a value in the merged data, and null in the answer. */
  readonly nulled: Path[] = []
  /** By place: what could only be decided on the data, the names of types that this caller may not see. */
  denied: Map<string, Denied> | undefined
  /** By the number that a program gave to a type's field. */
  private readonly readable: (boolean | undefined)[] = []
  readonly variables: Readonly<Record<string, unknown>>
  /** Whether no string of the data has anything that JSON escapes (fetch/subgraph-client.ts). */
  readonly isPlain: boolean
  private readonly taken: Taken | undefined

  constructor(variables: Run['variables'], isPlain: boolean, taken: Taken | undefined) {
    this.variables = variables
    this.isPlain = isPlain
    this.taken = taken
  }

  /** What stands here is not what it should be. */
  fault(depth: number): undefined {
    this.faults.push(this.path.slice(0, depth + 1))
    return undefined
  }

  /** Here the answer has null. */
  null(depth: number): 'null' {
    this.nulled.push(this.path.slice(0, depth + 1))
    return 'null'
  }

  mayRead(number: number, type: string, field: string): boolean {
    const known = this.readable[number] ?? this.taken?.mayRead(type, field) ?? true
    this.readable[number] = known
    return known
  }

  deny(depth: number, coordinate: string): undefined {
    const places = this.path.slice(0, depth + 1).map((step) => (typeof step === 'number' ? '@' : step))
    const path = restorePath(places) as readonly string[]
    this.denied ??= new Map()
    this.denied.set(path.join('.'), { path, coordinate })
    return undefined
  }
}
