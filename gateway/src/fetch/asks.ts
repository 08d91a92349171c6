import type { FetchDataKeyRenamer, FetchDataRewrite, FetchNode } from '@apollo/query-planner'
import type { Sent } from './combined-document.ts'
import type { FetchDocument } from './fetch-document.ts'
import type { TypeNaming } from './merge.ts'
import type { MergePath } from './places.ts'
import type { Condition } from './plan-order.ts'
import type { ObjectWriter } from './representations.ts'

/** What a document asks for, and what becomes of its answer. */
export interface Asks {
  readonly sent: Sent
  readonly document: FetchDocument
  readonly naming: TypeNaming
  readonly rewrites: readonly FetchDataRewrite[]
}

/** A place of the plan to which an answer belongs. */
export interface Use {
  readonly path: MergePath
  readonly conditions: readonly Condition[]
}

/** Root fields are asked for. */
export interface RootFields extends Asks, Use {
  readonly kind: FetchNode['operationKind']
}

/** Entities are asked for: once, for each place of the plan that wants the same of entities. */
export interface Lookup extends Asks {
  readonly uses: readonly EntityUse[]
}

export interface EntityUse extends Use {
  readonly representation: ObjectWriter
  readonly contexts: readonly FetchDataKeyRenamer[]
  /** Whether what it does not ask for, for want of an input, must be told (needed-order.ts). */
  readonly lacksInput: boolean
}
