import type { Supergraph } from '@apollo/federation-internals'

/** A subscription field that is fed from the event log, as its team declared it with `@eventStream`. */
export interface Stream {
  /** The field of Subscription. */
  readonly field: string
  /** The topic whose records are the updates. */
  readonly topic: string
  /** The compacted topic with the newest event of each key. */
  readonly snapshotTopic: string | undefined
  /** The argument that lists the wanted keys. */
  readonly keyArgument: string | undefined
  /** The object types of the two kinds of events. */
  readonly snapshotType: string
  readonly updateType: string
}

/** Reads the `@eventStream` directives of the supergraph. Nothing feeds a subscription field without one: nobody can open it. */
export function streamsOf(supergraph: Supergraph): ReadonlyMap<string, Stream> {
  const root = supergraph.schema.schemaDefinition.rootType('subscription')
  if (root?.kind !== 'ObjectType') return new Map()
  return new Map(
    root.fields().flatMap((field) => {
      const [directive] = field.appliedDirectivesOf('eventStream')
      if (!directive) return []
      const given = directive.arguments() as Partial<Record<string, string>>
      const returned = field.type!.toString().replace(/[![\]]/g, '')
      const stream: Stream = {
        field: field.name,
        topic: given.topic!,
        snapshotTopic: given.snapshot,
        keyArgument: given.keyArgument,
        snapshotType: given.snapshotType ?? returned,
        updateType: given.updateType ?? returned,
      }
      return [[field.name, stream] as const]
    }),
  )
}
