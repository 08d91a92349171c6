/**
 * A tenant's audit chain, as anybody can check it: an entry's hash is SHA-256 over the UTF-8 text of five lines: the hash
 * of the entry before it, its place, its id, when it was recorded, and its body. Before the first entry stands the hash
 * of the tenant's id. The database makes the same hashes (migrations/010-audit.sql).
 */
import { createHash } from 'node:crypto'

/** One row of a chain, its hashes in hexadecimal digits. */
export interface ChainEntry {
  readonly tenantId: string
  /** From 1, without a gap. */
  readonly position: number
  readonly entryId: string
  readonly recordedAt: string
  /** What the entry says: JSON, to the byte as it was hashed. */
  readonly body: string
  readonly previousHash: string
  readonly hash: string
}

/** Where a chain had grown to. */
export interface Head {
  readonly tenantId: string
  readonly length: number
  readonly hash: string
}

/** The first thing that is wrong with a chain. */
export class BrokenChain extends Error {
  override readonly name = 'BrokenChain'
  readonly tenantId: string
  readonly position: number
  constructor(tenantId: string, position: number, what: string) {
    super(`audit entry ${tenantId}/${position}: ${what}`)
    this.tenantId = tenantId
    this.position = position
  }
}

const sha256 = (text: string) => createHash('sha256').update(text, 'utf8').digest('hex')

export const beginning = (tenantId: string): Head => ({ tenantId, length: 0, hash: sha256(tenantId) })

export const hashOf = ({ previousHash, position, entryId, recordedAt, body }: Omit<ChainEntry, 'hash' | 'tenantId'>) =>
  sha256([previousHash, position, entryId, recordedAt, body].join('\n'))

/** Says that the entry is the next after the head, and returns the new head. @throws BrokenChain */
export function follow(head: Head, entry: ChainEntry): Head {
  const { tenantId, position, hash, previousHash } = entry
  const expected = head.length + 1
  if (position !== expected)
    throw new BrokenChain(tenantId, expected, `it is missing: after ${head.length} comes ${position}`)
  const made = hashOf(entry)
  if (made !== hash) {
    throw new BrokenChain(
      tenantId,
      position,
      `it was changed or put elsewhere: its content has the hash ${short(made)}, and it says ${short(hash)}`,
    )
  }
  if (previousHash !== head.hash) {
    throw new BrokenChain(
      tenantId,
      position,
      `it follows another entry than the one before it: expected ${short(head.hash)}, and it says ${short(previousHash)}`,
    )
  }
  return { tenantId, length: position, hash }
}

export const short = (hash: string) => `${hash.slice(0, 12)}…`

/** JSON in which equal content has equal bytes: RFC 8785 for objects of texts, whole numbers, and lists of texts. */
export function canonicalBody(fields: Readonly<Record<string, unknown>>): string {
  const sorted = Object.entries(fields).sort(([a], [b]) => (a < b ? -1 : 1))
  return JSON.stringify(Object.fromEntries(sorted), (_, value) =>
    // PostgreSQL's JSON has no NUL.
    typeof value === 'string' ? value.replaceAll('\0', '\uFFFD') : value,
  )
}
