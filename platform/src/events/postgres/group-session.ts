/**
 * One member of a consumer group, for as long as one database session lasts. The session holds a lock for the member
 * and one for each partition that it reads, and commits offsets itself: when the session ends, by a crash too, the
 * server frees all of it at once, and nobody can commit for a partition that was taken over.
 */
import { randomUUID } from 'node:crypto'
import type pg from 'pg'
import type { TopicPartition } from '../place.ts'
import { type Member, shareOf } from './share.ts'

/** A member that has not been heard of for so long is put out, though its session lives: a frozen process, a dead host. */
const SILENT_SECONDS = 15

export interface PartitionPosition extends TopicPartition {
  readonly position: bigint
}

export class GroupSession {
  readonly #client: pg.Client
  readonly #group: string
  readonly #topics: readonly string[]
  readonly #id = randomUUID()

  constructor(client: pg.Client, group: string, topics: readonly string[]) {
    this.#client = client
    this.#group = group
    this.#topics = topics
  }

  /** Joins, having fixed where the group begins in partitions of which it remembers nothing. */
  async join(starts: readonly PartitionPosition[]): Promise<void> {
    await this.#client.query(
      `insert into event_log.group_offset
       select $1, s.* from unnest($2::text[], $3::int[], $4::bigint[]) s on conflict do nothing`,
      [this.#group, ...columns(starts), starts.map(({ position }) => position)],
    )
    await this.#client.query('select pg_advisory_lock(hashtextextended($1, 0))', [this.#id])
    await this.#client.query(
      `delete from event_log.group_member
       where group_name = $1 and heartbeat_at < clock_timestamp() - make_interval(secs => $2)`,
      [this.#group, 10 * SILENT_SECONDS],
    )
    await this.#client.query(
      'insert into event_log.group_member values ($1, $2, $3, pg_backend_pid(), clock_timestamp())',
      [this.#group, this.#id, this.#topics],
    )
    await this.#tellOthers()
  }

  /** Says that this member lives, and tells which of the partitions are its share now. */
  async heartbeat(partitions: readonly TopicPartition[]): Promise<readonly TopicPartition[]> {
    await this.#client.query(
      'update event_log.group_member set heartbeat_at = clock_timestamp() where group_name = $1 and member_id = $2',
      [this.#group, this.#id],
    )
    const { rows } = await this.#client.query<Member & { pid: number; silent: boolean }>(
      `select m.member_id as id, m.topics, m.backend_pid as pid,
         m.heartbeat_at < clock_timestamp() - make_interval(secs => $2) as silent
       from event_log.group_member m
       join pg_locks l on l.pid = m.backend_pid and l.locktype = 'advisory' and l.granted and l.objsubid = 1
         and (l.classid::bigint << 32) | l.objid::bigint = hashtextextended(m.member_id, 0)
       where m.group_name = $1`,
      [this.#group, SILENT_SECONDS],
    )
    for (const { pid } of rows.filter(({ silent }) => silent))
      await this.#client.query('select pg_terminate_backend($1)', [pid])
    return shareOf(
      this.#id,
      rows.filter(({ silent }) => !silent),
      partitions,
    )
  }

  /** Takes those that no other member holds, each with the position at which the group goes on. */
  async acquire(partitions: readonly TopicPartition[]): Promise<readonly PartitionPosition[]> {
    const { rows: locks } = await this.#client.query<{ taken: boolean }>(
      `select pg_try_advisory_lock(${LOCK_KEY}) as taken from unnest($2::text[], $3::int[]) p (topic, partition)`,
      [this.#group, ...columns(partitions)],
    )
    const mine = partitions.filter((_, index) => locks[index]?.taken)
    // A statement of its own: what the former holder committed before it let go has to be seen.
    const { rows } = await this.#client.query<{ topic: string; partition: number; next_offset: string }>(
      `select o.topic, o.partition, o.next_offset from event_log.group_offset o
       join unnest($2::text[], $3::int[]) p (topic, partition) using (topic, partition) where o.group_name = $1`,
      [this.#group, ...columns(mine)],
    )
    return rows.map(({ topic, partition, next_offset }) => ({ topic, partition, position: BigInt(next_offset) }))
  }

  async release(partition: TopicPartition): Promise<void> {
    await this.#client.query(
      `select pg_advisory_unlock(${LOCK_KEY}) from unnest($2::text[], $3::int[]) p (topic, partition)`,
      [this.#group, ...columns([partition])],
    )
    await this.#tellOthers()
  }

  async commit(positions: readonly PartitionPosition[]): Promise<void> {
    await this.#client.query(
      `update event_log.group_offset o set next_offset = p.position
       from unnest($2::text[], $3::int[], $4::bigint[]) p (topic, partition, position)
       where o.group_name = $1 and o.topic = p.topic and o.partition = p.partition`,
      [this.#group, ...columns(positions), positions.map(({ position }) => position)],
    )
  }

  async leave(): Promise<void> {
    await this.#client.query('delete from event_log.group_member where group_name = $1 and member_id = $2', [
      this.#group,
      this.#id,
    ])
    await this.#client.query('select pg_advisory_unlock_all()')
    await this.#tellOthers()
  }

  async #tellOthers(): Promise<void> {
    await this.#client.query(`select pg_notify('event_log_group', $1)`, [this.#group])
  }
}

const LOCK_KEY = `hashtextextended(format('event_log/%s/%s/%s', $1::text, p.topic, p.partition), 0)`

function columns(places: readonly TopicPartition[]): [string[], number[]] {
  return [places.map(({ topic }) => topic), places.map(({ partition }) => partition)]
}
