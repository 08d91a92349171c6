import type { Schema } from '@apollo/federation-internals'

/** What a team says of how long, and for whom, what it answers may be kept (Apollo's `@cacheControl`). */
export interface CacheHint {
  /** Seconds. */
  readonly maxAge?: number | undefined
  /** Only for who asked. */
  readonly isPrivate: boolean
  /** As long as the field around it. */
  readonly inheritMaxAge: boolean
}

/** Hints by coordinate: of a type, `Type`; of a field, `Type.field`. */
export type CacheHints = ReadonlyMap<string, CacheHint>

const DIRECTIVE = 'cacheControl'

/** The hints of a supergraph, which has them where its teams compose the directive; empty where it has none. */
export function cacheHintsOf(schema: Schema): CacheHints {
  const hints = new Map<string, CacheHint>()
  if (!schema.directive(DIRECTIVE)) return hints
  const read = ({ coordinate, appliedDirectivesOf }: Bearer) => {
    // Each subgraph may say something of what several have: then the strictest holds.
    const said = appliedDirectivesOf(DIRECTIVE).map((application) => hintOf(application.arguments()))
    if (said.length > 0) hints.set(coordinate, said.reduce(strictest))
  }
  for (const type of schema.types()) {
    read({ coordinate: type.name, appliedDirectivesOf: (name) => type.appliedDirectivesOf(name) })
    if (type.kind !== 'ObjectType' && type.kind !== 'InterfaceType') continue
    for (const field of type.fields())
      read({ coordinate: field.coordinate, appliedDirectivesOf: (name) => field.appliedDirectivesOf(name) })
  }
  return hints
}

interface Bearer {
  readonly coordinate: string
  readonly appliedDirectivesOf: (name: string) => readonly { arguments(): Readonly<Record<string, unknown>> }[]
}

const hintOf = ({ maxAge, scope, inheritMaxAge }: Readonly<Record<string, unknown>>): CacheHint => ({
  maxAge: typeof maxAge === 'number' ? maxAge : undefined,
  isPrivate: scope === 'PRIVATE',
  inheritMaxAge: inheritMaxAge === true,
})

/** What holds where both do. */
export const strictest = (a: CacheHint, b: CacheHint): CacheHint => ({
  maxAge: a.maxAge === undefined ? b.maxAge : Math.min(a.maxAge, b.maxAge ?? a.maxAge),
  isPrivate: a.isPrivate || b.isPrivate,
  inheritMaxAge: a.inheritMaxAge && b.inheritMaxAge,
})
