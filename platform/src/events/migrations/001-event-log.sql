-- The event log where no Kafka is: partitioned, ordered, with offsets and groups (platform/src/events/postgres).

create schema event_log;

create table event_log.topic (
  name           text primary key,
  partitions     int not null check (partitions > 0),
  cleanup        text not null check (cleanup in ('delete', 'compact')),
  retention_days int check (retention_days > 0)
);

-- The end of each partition. An append locks the rows of its partitions until it commits, so that the order of offsets
-- is the order of commits: a reader that sees an offset sees all before it.
create table event_log.partition_head (
  topic       text not null references event_log.topic,
  partition   int not null,
  next_offset bigint not null default 0,
  primary key (topic, partition)
) with (fillfactor = 50);

create table event_log.record (
  topic       text not null,
  partition   int not null,
  "offset"    bigint not null,
  key         text not null,
  headers     jsonb not null,
  value       bytea not null,
  appended_at timestamptz not null,
  primary key (topic, partition, "offset")
);
create index on event_log.record (topic, partition, key, "offset");

-- How far the sweep of a compacted topic has come: below it, each key has one record.
create table event_log.compaction (
  topic        text not null references event_log.topic,
  partition    int not null,
  compacted_to bigint not null default 0,
  primary key (topic, partition)
);

-- What each group has handled: the offset that it reads next.
create table event_log.group_offset (
  group_name  text not null,
  topic       text not null references event_log.topic,
  partition   int not null,
  next_offset bigint not null,
  primary key (group_name, topic, partition)
) with (fillfactor = 50);

-- Who reads in a group. A member is alive while the session of its backend holds the lock of its id.
create table event_log.group_member (
  group_name   text not null,
  member_id    text not null,
  topics       text[] not null,
  backend_pid  int not null,
  heartbeat_at timestamptz not null,
  primary key (group_name, member_id)
);

-- Appends records in the given order, and wakes the readers when that is committed.
create function event_log.append(topics text[], partitions int[], keys text[], headers jsonb[], "values" bytea[]) returns void
language plpgsql as $$
begin
  -- In one order for all writers: no deadlock.
  perform from event_log.partition_head h
    where (h.topic, h.partition) in (select * from unnest($1, $2))
    order by h.topic, h.partition
    for update;

  insert into event_log.record (topic, partition, "offset", key, headers, value, appended_at)
    select r.topic, r.partition,
      h.next_offset + row_number() over (partition by r.topic, r.partition order by r.place) - 1,
      r.key, r.headers, r.value, clock_timestamp()
    from unnest($1, $2, $3, $4, $5) with ordinality as r (topic, partition, key, headers, value, place)
    left join event_log.partition_head h using (topic, partition);

  update event_log.partition_head h set next_offset = h.next_offset + r.count
    from (select a.topic, a.partition, count(*) as count from unnest($1, $2) as a (topic, partition) group by 1, 2) r
    where h.topic = r.topic and h.partition = r.partition;

  perform pg_notify('event_log', a.topic) from (select distinct unnest($1) as topic) a;
end $$;

do $$
begin
  create role event_log_user nologin;
exception when duplicate_object or unique_violation then null; -- roles belong to the whole server
end $$;

grant usage on schema event_log to event_log_user;
grant select, insert, update, delete on all tables in schema event_log to event_log_user;
