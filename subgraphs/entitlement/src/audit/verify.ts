/** Walks every chain from its first entry to its last, and holds it against its head and against what the log was told. */
import type pg from 'pg'
import { BrokenChain, beginning, type ChainEntry, follow, type Head, short } from './chain.ts'

/** What was found to be whole. */
export interface Verified {
  readonly chains: number
  readonly entries: number
  /** Chains that have a checkpoint in the log. */
  readonly anchored: number
}

const PAGE = 2_000

const columns = `tenant_id as "tenantId", position::float8 as position, entry_id as "entryId", recorded_at as "recordedAt",
  body, encode(previous_hash, 'hex') as "previousHash", encode(hash, 'hex') as hash`

/**
 * Verifies what the login sees, in one snapshot; the checkpoints were read before it was taken.
 * @throws BrokenChain naming the first bad entry.
 */
export async function verifyChains(client: pg.Client, checkpoints: readonly Head[]): Promise<Verified> {
  const told = new Map<string, Head[]>()
  for (const head of checkpoints) told.set(head.tenantId, [...(told.get(head.tenantId) ?? []), head])
  await client.query('begin isolation level repeatable read read only')
  try {
    await client.query(`select set_config('app.administrator', 'on', true)`)
    const { rows: heads } = await client.query<Head>(
      `select tenant_id as "tenantId", length::float8 as length, encode(hash, 'hex') as hash from audit.chain`,
    )
    const { rows: present } = await client.query<{ tenantId: string }>(
      'select distinct tenant_id as "tenantId" from audit.entry',
    )
    const headOf = new Map(heads.map((head) => [head.tenantId, head]))
    const tenants = new Set([...headOf.keys(), ...told.keys(), ...present.map(({ tenantId }) => tenantId)])
    let entries = 0
    for (const tenantId of [...tenants].sort()) {
      entries += await verifyChain(client, tenantId, headOf.get(tenantId), told.get(tenantId) ?? [])
    }
    return { chains: tenants.size, entries, anchored: told.size }
  } finally {
    await client.query('rollback')
  }
}

async function verifyChain(
  client: pg.Client,
  tenantId: string,
  head: Head | undefined,
  checkpoints: readonly Head[],
): Promise<number> {
  let at = beginning(tenantId)
  const told = new Map(checkpoints.map(({ length, hash }) => [length, hash]))
  for (;;) {
    const { rows } = await client.query<ChainEntry>(
      `select ${columns} from audit.entry where tenant_id = $1 and position > $2 order by position limit ${PAGE}`,
      [tenantId, at.length],
    )
    for (const entry of rows) {
      at = follow(at, entry)
      const anchor = told.get(at.length)
      if (anchor !== undefined && anchor !== at.hash) {
        const what = `the chain was written anew: the log was told ${short(anchor)} here, and it has ${short(at.hash)}`
        throw new BrokenChain(tenantId, at.length, what)
      }
    }
    if (rows.length < PAGE) break
  }
  const longest = Math.max(0, ...checkpoints.map(({ length }) => length))
  if (longest > at.length)
    throw new BrokenChain(tenantId, at.length + 1, `it is missing: the log was told of ${longest}`)
  if (head?.length !== at.length || head.hash !== at.hash) {
    const [first, what] =
      (head?.length ?? 0) > at.length
        ? [at.length + 1, `it is missing: the chain has had ${head?.length} entries`]
        : [
            Math.max(1, head?.length ?? 0),
            `the chain's head (${head?.length ?? 'none'}) is not its last entry (${at.length})`,
          ]
    throw new BrokenChain(tenantId, first, what)
  }
  return at.length
}

/** A piece of one chain, which an export is: whole in itself, whatever came before it. @throws BrokenChain */
export function verifyPiece(entries: Iterable<ChainEntry>): number {
  let at: Head | undefined
  let count = 0
  for (const entry of entries) {
    at ??= { tenantId: entry.tenantId, length: entry.position - 1, hash: entry.previousHash }
    if (entry.tenantId !== at.tenantId)
      throw new BrokenChain(entry.tenantId, entry.position, `expected an entry of ${at.tenantId}`)
    at = follow(at, entry)
    count += 1
  }
  return count
}

/** The entries of a tenant recorded from one instant until before another, as a piece without a gap. */
export async function* pieceOf(
  client: pg.Client,
  tenantId: string,
  from: string,
  to: string,
): AsyncGenerator<ChainEntry> {
  const { rows: bounds } = await client.query<{ first: number | null; last: number | null }>(
    `select min(position)::float8 as first, max(position)::float8 as last from audit.entry
     where tenant_id = $1 and recorded_at::timestamptz >= $2 and recorded_at::timestamptz < $3`,
    [tenantId, from, to],
  )
  const { first, last } = bounds[0]!
  if (first === null || last === null) return
  for (let at = first; at <= last; at += PAGE) {
    const { rows } = await client.query<ChainEntry>(
      `select ${columns} from audit.entry where tenant_id = $1 and position between $2 and $3 order by position`,
      [tenantId, at, Math.min(last, at + PAGE - 1)],
    )
    yield* rows
  }
}
