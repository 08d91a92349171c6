/** Compaction and retention: what topics promise to forget is deleted in small steps, by one process at a time. */
import type pg from 'pg'

/** Rows that one step looks at. */
const STEP = 1_000

/**
 * Sweeps every topic (or one) until there is nothing left to forget, or the signal says to stop. Does nothing where
 * another process is sweeping.
 */
export async function sweep(pool: pg.Pool, signal: AbortSignal, only?: string): Promise<void> {
  const { rows: heads } = await pool.query<Head>(
    `select h.topic, h.partition, t.cleanup, t.retention_days from event_log.partition_head h
     join event_log.topic t on t.name = h.topic where $1::text is null or t.name = $1 order by 1, 2`,
    [only ?? null],
  )
  for (const head of heads) {
    let more = true
    while (more && !signal.aborted) more = await sweepStep(pool, head)
  }
}

interface Head {
  readonly topic: string
  readonly partition: number
  readonly cleanup: 'compact' | 'delete'
  readonly retention_days: number | null
}

/** True where there may be more to do in this partition. */
async function sweepStep(pool: pg.Pool, head: Head): Promise<boolean> {
  const client = await pool.connect()
  try {
    await client.query('begin')
    const { rows } = await client.query<{ mine: boolean }>(
      `select pg_try_advisory_xact_lock(hashtextextended('event_log/sweep', 0)) as mine`,
    )
    const more =
      rows[0]?.mine === true && (await (head.cleanup === 'compact' ? compact(client, head) : expire(client, head)))
    await client.query('commit')
    client.release()
    return more
  } catch (error) {
    client.release(true)
    throw error
  }
}

/** Takes the next records that no sweep has seen, and deletes what they replace. */
async function compact(client: pg.PoolClient, { topic, partition }: Head): Promise<boolean> {
  const { rows } = await client.query<{ from: string; to: string }>(
    `select coalesce(c.compacted_to, 0) as "from", least(coalesce(c.compacted_to, 0) + $3, h.next_offset) as "to"
     from event_log.partition_head h left join event_log.compaction c using (topic, partition)
     where h.topic = $1 and h.partition = $2`,
    [topic, partition, STEP],
  )
  const window = rows[0]
  if (!window || window.from === window.to) return false
  const { from, to } = window
  await client.query(
    `delete from event_log.record old using (
       select key, max("offset") as newest from event_log.record
       where topic = $1 and partition = $2 and "offset" >= $3 and "offset" < $4 group by key) new
     where old.topic = $1 and old.partition = $2 and old.key = new.key and old."offset" < new.newest`,
    [topic, partition, from, to],
  )
  await client.query(
    `insert into event_log.compaction values ($1, $2, $3)
     on conflict (topic, partition) do update set compacted_to = excluded.compacted_to`,
    [topic, partition, to],
  )
  return true
}

/** Deletes the oldest records that are past the topic's retention. */
async function expire(client: pg.PoolClient, { topic, partition, retention_days }: Head): Promise<boolean> {
  if (retention_days === null) return false
  const { rowCount } = await client.query(
    `delete from event_log.record r using (
       select "offset", appended_at from event_log.record
       where topic = $1 and partition = $2 order by "offset" limit $4) oldest
     where r.topic = $1 and r.partition = $2 and r."offset" = oldest."offset"
       and oldest.appended_at < clock_timestamp() - make_interval(days => $3)`,
    [topic, partition, retention_days, STEP],
  )
  return rowCount === STEP
}
