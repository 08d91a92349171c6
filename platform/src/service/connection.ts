import { CallerError } from './errors.ts'

/** Relay's page, as every connection of the graph returns it. */
export interface Connection<Node> {
  readonly edges: readonly { readonly cursor: string; readonly node: Node }[]
  readonly nodes: readonly Node[]
  readonly pageInfo: {
    readonly hasNextPage: boolean
    readonly hasPreviousPage: boolean
    readonly startCursor: string | null
    readonly endCursor: string | null
  }
}

export const MAX_PAGE = 1_000

/** The number of rows to read for a page: one more than asked for, to know whether another page follows. */
export function rowsToRead(first: number | null | undefined): number {
  const asked = first ?? 100
  if (asked < 1 || asked > MAX_PAGE) {
    throw new CallerError('BAD_USER_INPUT', `first: expected 1 to ${MAX_PAGE}; got ${asked}`)
  }
  return asked + 1
}

/** Makes the page from `rowsToRead` rows at the most. */
export function connection<Node>(
  rows: readonly Node[],
  page: { first: number | null | undefined; after: string | null | undefined; cursorOf: (node: Node) => string },
): Connection<Node> {
  const size = rowsToRead(page.first) - 1
  const nodes = rows.slice(0, size)
  const edges = nodes.map((node) => ({ cursor: page.cursorOf(node), node }))
  return {
    edges,
    nodes,
    pageInfo: {
      hasNextPage: rows.length > size,
      hasPreviousPage: page.after != null,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  }
}
