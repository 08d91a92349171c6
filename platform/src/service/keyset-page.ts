import { type Connection, connection, rowsToRead } from './connection.ts'
import type { CursorCodec } from './cursor.ts'

/** Where a page begins, how much of it to read, and whose knowledge it shows. */
export interface Place {
  /** The key behind which the page begins; absent on the first page. */
  readonly after: string | undefined
  /** The number of rows to read. */
  readonly rows: number
  /** The instant whose knowledge the first page showed. */
  readonly knownAt: string
}

/** A field that returns a connection, for one caller. */
export interface PageQuestion<Node> {
  readonly tenant: string
  /** The field and every argument that decides which rows follow; see CursorBinding. */
  readonly query: readonly (string | null | undefined)[]
  /** The arguments of the page. */
  readonly first: number | null | undefined
  readonly after: string | null | undefined
  /** The instant of a first page. */
  readonly knownAt: string
  /** The instant that the client itself asked for, where it did: a cursor of another one is refused. */
  readonly fixedKnownAt?: string | null | undefined
  /** The rows behind the place, in the order of their keys. */
  readonly read: (place: Place) => Promise<readonly Node[]>
  /** What the rows are sorted by; unique among them. */
  readonly keyOf: (node: Node) => string
}

/** Reads a page of a connection whose cursors hold the key of a row. Throws CallerError for a wrong `first` or `after`. */
export async function keysetPage<Node>(cursors: CursorCodec, question: PageQuestion<Node>): Promise<Connection<Node>> {
  const { tenant, query, first, after, fixedKnownAt, read, keyOf } = question
  const rows = rowsToRead(first)
  const last = after == null ? undefined : cursors.open(after, { tenant, query, knownAt: fixedKnownAt ?? undefined })
  const knownAt = last?.knownAt ?? question.knownAt
  const nodes = await read({ after: last?.position[0], rows, knownAt })
  return connection(nodes, {
    first,
    after,
    cursorOf: (node) => cursors.seal([keyOf(node)], { tenant, query, knownAt }),
  })
}
