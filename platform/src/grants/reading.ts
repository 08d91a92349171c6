/** How data leaves: a grant may be for some channels only. */
export type Channel = 'GRAPHQL' | 'STREAM' | 'KAFKA'

/** What about a share class is read: a grant may open some of it only. REFERENCE, the facts of the thing, is in each. */
export type FieldSet = 'REFERENCE' | 'NAV' | 'PERFORMANCE' | 'RISK'

/** One way of reading: who, from where, through what, which fields. Rights are asked for it, at the real now. */
export interface Reading {
  readonly tenant: string
  /** ISO 3166-1 alpha-2; undefined: not told, which opens no grant that is for some regions only. */
  readonly region?: string | undefined
  readonly channel: Channel
  readonly fieldSet: FieldSet
}
